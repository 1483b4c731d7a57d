package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Tensor;
import java.util.function.UnaryOperator;

/** What a tape remembers to go back over: operations, and blocks to run anew. */
sealed interface Note permits Operation, Note.Block {
    Tensor out();

    /**
     * A block of which nothing else is kept.
     *
     * @param out its result
     * @param dropoutPlace number of its first place of dropout on the tape
     */
    record Block(Tensor out, Tensor x, UnaryOperator<Tensor> body, int dropoutPlace)
            implements Note {}
}
