/** Runs that train: {@link dev.kiln.platform.training.TrainingRun} is the way of all of them, {@link
 * dev.kiln.platform.training.TrainingKind} what they differ in. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training;
