/** Tasks as heads see them: input transformations, batches, scores. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.inference.heads;
