/**
 * Byte-level byte-pair encoding (Sennrich et al., 2016; Radford et al., 2019, section 2.2): GPT-2's
 * own vocabulary, and vocabularies trained on a run's corpus.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.bpe;
