/** The run {@code finetune}: a trained model learns a task with a head. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.finetune;
