/** Measuring language models on tasks: likelihoods, metrics, reports. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.evaluation;
