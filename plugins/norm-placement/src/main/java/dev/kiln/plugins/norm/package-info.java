/** Where the layer norm stands in a block: GPT-1's and GPT-2's answer. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.norm;
