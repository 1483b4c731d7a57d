/** One decoder of slots for whoever lets a model write or score; the door is {@link
 * dev.kiln.platform.inference.Decoder}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.inference;
