/** GPT-2. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.gpt2;
