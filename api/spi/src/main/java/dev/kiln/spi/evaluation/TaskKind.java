package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;

/** What a task gives and asks for. The texts of an example are in the order named here. */
@Experimental
public enum TaskKind {
    /** One text; which of the task's labels? */
    CLASSIFICATION,

    /** A premise and a hypothesis; which of the task's labels? */
    ENTAILMENT,

    /** Two texts in no order; which of the task's labels, or how similar? */
    SIMILARITY,

    /** One text; which of the example's own choices? */
    MULTIPLE_CHOICE,

    /** A text whose end is cut off; which words end it? */
    CLOZE,

    /** A question; any of the accepted answers. */
    FREE_ANSWER,

    /**
     * One document, to be predicted word by word; nothing is asked. Perplexity by word and by byte
     * counts those of the last text: of a second one where the first was made of it.
     */
    TEXT
}
