/** GPT-3. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.gpt3;
