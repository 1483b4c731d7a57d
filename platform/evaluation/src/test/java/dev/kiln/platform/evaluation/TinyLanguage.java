package dev.kiln.platform.evaluation;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;

/** A random model of bytes on the reference backend, whose attention is wider than itself. */
final class TinyLanguage implements AutoCloseable {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final Parameters parameters = new Parameters(backend, scope, 3, false);
    private final LanguageModel model;

    TinyLanguage(int context) {
        Model decoder = new TinyDecoder(context, 0.5, 0.6, 7).build(parameters, 257);
        model =
                new LanguageModel(
                        backend,
                        Precision.FLOAT32,
                        decoder,
                        new TinyHead().attach(parameters, decoder),
                        new ByteTokenizer(),
                        new Layouts());
    }

    /** From this position on, what the model computes is no number. */
    void breakFrom(int position) {
        Weight positions =
                parameters.all().stream()
                        .filter(weight -> weight.name().equals("wpe.weight"))
                        .findFirst()
                        .orElseThrow();
        float[] values = backend.floats(positions.value());
        values[position * positions.shape().columns()] = Float.NaN;
        backend.upload(positions.value(), values);
    }

    ReferenceBackend backend() {
        return backend;
    }

    LanguageModel model() {
        return model;
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
