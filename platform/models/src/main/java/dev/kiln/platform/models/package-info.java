/** Opening a model from a run folder or a Hugging Face folder; the door is {@link
 * dev.kiln.platform.models.TrainedModel}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.models;
