/** What is trained: model, parameters, adapters and optimizer state, and where they come from; the door
 * is {@link dev.kiln.platform.training.trainee.Trainee}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.trainee;
