/** The heads that GPT-1 was fine-tuned with (Radford et al., 2018, section 3.3 and figure 1). */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.heads;
