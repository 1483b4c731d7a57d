package dev.kiln.platform.inference.generation;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.platform.inference.Decoder;
import dev.kiln.platform.inference.DecoderSize;
import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationListener;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.PassListener;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.SpecialIds;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.ModelShape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Lets a model write: any number of prompts of any lengths at once, with a KV cache. What is written
 * for a prompt does not depend on the others. A sequence that fills the context goes on from the
 * second half of it. Used by one thread at a time.
 */
public final class Generator {
    private final LanguageModel language;
    private final ModelShape shape;

    public Generator(LanguageModel language) {
        this.language = language;
        this.shape = language.model().shape();
    }

    /** As {@link #generate(List, GenerationRequest, TextListener, PassListener)}, without times. */
    public List<Generation> generate(
            List<int[]> prompts, GenerationRequest request, TextListener text) {
        return generate(prompts, request, text, PassListener.NONE);
    }

    /**
     * Goes on from each prompt.
     *
     * @param prompts ids; an empty one starts from the beginning's id, else from that of the end
     * @param text hears what is written
     * @param passes hears what each pass through the model took: the first ones read the prompts
     * @throws InvalidInput when a prompt does not fit the model's context, or is empty and
     *     there is neither
     */
    public List<Generation> generate(
            List<int[]> prompts,
            GenerationRequest request,
            TextListener text,
            PassListener passes) {
        int context = shape.context();
        List<int[]> read =
                IntStream.range(0, prompts.size())
                        .mapToObj(i -> checked(i, prompts.get(i), language.ids(), context))
                        .toList();
        if (read.isEmpty()) {
            return List.of();
        }
        int positions =
                read.stream()
                        .mapToInt(ids -> request.positions(ids.length, context))
                        .max()
                        .orElseThrow();
        Generation[] written = new Generation[read.size()];
        DecoderSize size = new DecoderSize(read.size(), positions);
        try (Decoder decoder = new Decoder(language, size, passes)) {
            for (int i = 0; i < written.length; i++) {
                decoder.submit(read.get(i), request, i, new Written(i, text, written));
            }
            while (decoder.pass()) {}
        }
        return List.of(written);
    }

    /**
     * Runs one position with a cache of keys and values, before anybody trains a model that could not
     * generate.
     *
     * @throws InvalidInput when the model attends otherwise than its shape says
     */
    public void requireCacheFits() {
        Backend backend = language.backend();
        DType type = language.precision().activations();
        try (Scope scope = backend.scope()) {
            KvCache cache =
                    backend.kvCache(scope, type, shape.layers(), 1, 1, shape.attentionWidth());
            Tensor first = scope.allocate(DType.INT32, Shape.of(1, 1));
            backend.upload(first, 0);
            CachedOps ops =
                    new CachedOps(
                            backend, scope, language.precision(), language.layouts(), cache, 1);
            language.model().hidden(ops, first, first);
        }
    }

    /** Keeps what was written for a prompt. */
    private record Written(int index, TextListener text, Generation[] all)
            implements GenerationListener {
        @Override
        public void wrote(String certain) {
            text.on(index, certain);
        }

        @Override
        public void ended(Generation generation) {
            all[index] = generation;
        }

        @Override
        public void failed(InvalidScore problem) {
            throw problem.of(index);
        }
    }

    /**
     * What a model reads for a prompt. Can be asked before there is a model.
     *
     * @param index of the prompt, from 0, for messages
     * @param context number of positions that the model has
     * @throws InvalidInput as {@link #generate}
     */
    public static int[] checked(int index, int[] prompt, SpecialIds special, int context) {
        int[] ids = prompt.length > 0 ? prompt : new int[] {first(special)};
        if (ids.length > context) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "prompt %d has %,d tokens, the model's context holds %,d",
                            index + 1,
                            ids.length,
                            context));
        }
        return ids;
    }

    private static int first(SpecialIds special) {
        return special.first()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "an empty prompt needs a token that texts begin or end with;"
                                                + " neither the model's configs nor its tokenizer"
                                                + " have one"));
    }
}
