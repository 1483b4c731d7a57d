package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Tensor;

/**
 * What turns hidden states into predictions and, with labels, into a loss: language model,
 * classification, entailment, similarity, multiple choice. Immutable and thread-safe until attached.
 */
@Stable
public interface TaskHead {

    /** Creates the head's own weights, if it has any, and ties it to a model. */
    Attached attach(Weights weights, Model model);

    /** A head on a model. Used by one thread at a time. */
    @Stable
    interface Attached {

        /** How many hidden states an example reads: 2 for both orders of a pair, say. */
        default int statesPerExample() {
            return 1;
        }

        /**
         * Adds the head's term to the objective.
         *
         * @param hidden [B, T, C]
         * @return the weighted losses, [examples]
         */
        Tensor losses(Ops ops, Tensor hidden, HeadInput input);

        /**
         * Unnormalized scores.
         *
         * @param hidden [B, T, C]
         * @return [examples, classes]; the classes of a language model are its vocabulary
         */
        Tensor scores(Ops ops, Tensor hidden, HeadRows rows);
    }
}
