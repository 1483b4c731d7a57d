/** Training a model from a recipe: data, steps, evaluation, checkpoints. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training;
