package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;

/** What a task is measured by. */
@Experimental
public enum Metric {
    /** Share of right answers. */
    ACCURACY,

    /**
     * Of two labels: harmonic mean of precision and recall of the second; of more: their mean. Of
     * written answers: of the words that they share with the nearest accepted one.
     */
    F1,

    /** Matthews correlation coefficient, of two labels. */
    MATTHEWS,

    /** Linear correlation of scores. */
    PEARSON,

    /** Correlation of the scores' ranks. */
    SPEARMAN,

    /** Share of written answers that are an accepted one, both normalized. */
    EXACT_MATCH,

    /** e to the mean negative log-likelihood of a token; by word and by byte too. */
    PERPLEXITY
}
