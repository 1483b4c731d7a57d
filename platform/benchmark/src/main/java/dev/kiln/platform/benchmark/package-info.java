/** What {@code kiln bench} measures: kernels, training steps, generation and tokenizers. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.benchmark;
