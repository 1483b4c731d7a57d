/** GPT-1. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.gpt1;
