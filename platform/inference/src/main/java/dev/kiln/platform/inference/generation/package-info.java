/** Letting a model go on from prompts; the door is {@link
 * dev.kiln.platform.inference.generation.Generator}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.inference.generation;
