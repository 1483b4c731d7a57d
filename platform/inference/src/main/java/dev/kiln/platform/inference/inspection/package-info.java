/** Logits, attention and hidden states of given tokens; the door is {@link
 * dev.kiln.platform.inference.inspection.ForwardPass}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.inference.inspection;
