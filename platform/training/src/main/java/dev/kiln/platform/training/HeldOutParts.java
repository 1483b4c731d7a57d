package dev.kiln.platform.training;

import dev.kiln.platform.inference.LanguageModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a model on the held-out tokens of each part of a corpus. In total, a part counts by its
 * share of training, whatever it holds out: what training lowers is measured, and a large part that
 * is seldom read doesn't hide the others.
 */
final class HeldOutParts {
    private final List<Corpus.Part> parts;
    private final List<HeldOut> heldOut;

    /**
     * @param options whose limit of tokens is divided among the parts by their shares
     */
    HeldOutParts(Corpus corpus, LanguageModel language, PretrainOptions.Evaluation options) {
        parts = corpus.parts();
        heldOut =
                parts.stream()
                        .map(
                                part ->
                                        new HeldOut(
                                                part.heldOut(),
                                                language,
                                                most(part, options),
                                                options.batch()))
                        .toList();
    }

    private static long most(Corpus.Part part, PretrainOptions.Evaluation options) {
        return options.tokens()
                .map(most -> (long) Math.ceil(most * part.share()))
                .orElse(Long.MAX_VALUE);
    }

    /**
     * What was measured.
     *
     * @param total of all parts, by their shares
     * @param parts in the corpus's order
     */
    record Results(HeldOut.Result total, List<HeldOut.Result> parts) {}

    /** Tokens to measure on, of all parts. */
    long size() {
        return heldOut.stream().mapToLong(HeldOut::size).sum();
    }

    Results measure() {
        List<HeldOut.Result> results = new ArrayList<>();
        double loss = 0;
        double bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            HeldOut.Result result = heldOut.get(i).measure();
            results.add(result);
            loss += parts.get(i).share() * result.loss();
            bytes += parts.get(i).share() * result.bytesPerToken();
        }
        return new Results(new HeldOut.Result(loss, bytes), results);
    }
}
