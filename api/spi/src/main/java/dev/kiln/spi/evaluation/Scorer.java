package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import java.util.List;

/** What a task may ask of a model. */
@Experimental
public interface Scorer {

    /**
     * The log-likelihood, in nats, of each continuation after its context.
     *
     * @throws dev.kiln.spi.InvalidInput when context and continuation exceed the model's context
     */
    List<Likelihood> likelihoods(List<Request> requests);

    /** A question: how likely is the continuation after the context? */
    @Experimental
    record Request(String context, String continuation) {}

    /**
     * An answer.
     *
     * @param logLikelihood of the whole continuation, in nats
     * @param tokens of the continuation
     * @param greedy whether every token was the likeliest
     */
    @Experimental
    record Likelihood(double logLikelihood, int tokens, boolean greedy) {}
}
