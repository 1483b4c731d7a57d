package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.spi.model.Ops;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Measures a model on the held-out tokens of each part of a corpus. In total, a part counts by its
 * share of training, whatever it holds out: what training lowers is measured, and a large part that
 * is seldom read doesn't hide the others. Parts that hold nothing out don't count.
 */
final class HeldOutParts {
    private final List<Corpus.Part> parts;
    private final List<Optional<HeldOut>> heldOut;

    /**
     * @param around what the model's operations are wrapped in
     * @param options whose limit of tokens is divided among the parts by their shares
     */
    HeldOutParts(
            Corpus corpus,
            LanguageModel language,
            UnaryOperator<Ops> around,
            PretrainOptions.Evaluation options) {
        parts = corpus.parts();
        heldOut =
                parts.stream()
                        .map(
                                part ->
                                        Optional.of(part)
                                                .filter(Corpus.Part::holdsOut)
                                                .map(
                                                        some ->
                                                                new HeldOut(
                                                                        some.heldOut(),
                                                                        language,
                                                                        around,
                                                                        most(some, options),
                                                                        options.batch())))
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
     * @param parts in the corpus's order; empty for one that holds nothing out
     */
    record Results(HeldOut.Result total, List<Optional<HeldOut.Result>> parts) {}

    /** Tokens to measure on, of all parts. */
    long size() {
        return heldOut.stream().flatMap(Optional::stream).mapToLong(HeldOut::size).sum();
    }

    /**
     * Measures the parts.
     *
     * @return empty when none of them holds anything out
     */
    Optional<Results> measure() {
        List<Optional<HeldOut.Result>> results = new ArrayList<>();
        double measured = measuredShare();
        double loss = 0;
        double bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            Optional<HeldOut.Result> result = heldOut.get(i).map(HeldOut::measure);
            double share = parts.get(i).share() / measured;
            results.add(result);
            loss += share * result.map(HeldOut.Result::loss).orElse(0.0);
            bytes += share * result.map(HeldOut.Result::bytesPerToken).orElse(0.0);
        }
        return measured == 0
                ? Optional.empty()
                : Optional.of(new Results(new HeldOut.Result(loss, bytes), results));
    }

    /** The shares of the parts that hold something out; exactly 1 when all do. */
    private double measuredShare() {
        return parts.stream().allMatch(Corpus.Part::holdsOut)
                ? 1
                : parts.stream()
                        .filter(Corpus.Part::holdsOut)
                        .mapToDouble(Corpus.Part::share)
                        .sum();
    }

    /** The losses of a mixture's parts, by name as listeners are told; none where there is one part. */
    Map<String, Double> losses(Results results) {
        Map<String, Double> losses = new LinkedHashMap<>();
        for (int i = 0; parts.size() > 1 && i < parts.size(); i++) {
            String name = "heldout/" + parts.get(i).name() + "/loss";
            results.parts().get(i).ifPresent(result -> losses.put(name, result.loss()));
        }
        return losses;
    }
}
