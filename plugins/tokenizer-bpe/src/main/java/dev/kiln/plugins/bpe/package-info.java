/**
 * Byte-pair encoding (Sennrich et al., 2016) of two kinds: GPT-2's of bytes (Radford et al., 2019,
 * section 2.2), with its own vocabulary or one trained on a run's corpus; and GPT-1's of lower-case
 * words. Both read and write Hugging Face's files.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.bpe;
