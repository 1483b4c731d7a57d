/** Compares samplers with Hugging Face's and with probabilities worked out by hand. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.samplers;
