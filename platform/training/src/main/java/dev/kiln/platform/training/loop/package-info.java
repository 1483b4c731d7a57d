/** The one training loop over batches, an objective and a measure; the door is {@link
 * dev.kiln.platform.training.loop.TrainingLoop}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.loop;
