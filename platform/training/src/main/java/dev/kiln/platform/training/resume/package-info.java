/**
 * Whether a run may continue what another began: {@link dev.kiln.platform.training.resume.KeptRecipe}
 * compares recipes, {@link dev.kiln.platform.training.resume.TokenHash} the data.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.resume;
