/**
 * Whether a run may continue what another began: {@link dev.kiln.platform.training.resume.KeptRecipe}
 * compares recipes, {@link dev.kiln.platform.training.resume.TokenHash} and
 * {@link dev.kiln.platform.training.resume.ExampleHash} the data.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.resume;
