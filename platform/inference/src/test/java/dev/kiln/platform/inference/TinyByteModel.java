package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;

/** A random model of bytes on the reference backend. */
public final class TinyByteModel implements AutoCloseable {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final LanguageModel model;
    private final Weight positions;

    public TinyByteModel(int context) {
        this(context, new ByteTokenizer());
    }

    public TinyByteModel(int context, Tokenizer tokenizer) {
        Parameters parameters = new Parameters(backend, scope, 3, false);
        Model decoder = new TinyDecoder(context, 0.5, 0.6).build(parameters, 257);
        positions = parameters.all().get(1);
        model =
                new LanguageModel(
                        backend,
                        Precision.FLOAT32,
                        decoder,
                        new TinyHead().attach(parameters, decoder),
                        tokenizer,
                        new Layouts());
    }

    ReferenceBackend backend() {
        return backend;
    }

    /** Of embeddings, which is that of the logits too. */
    Weight positions() {
        return positions;
    }

    public LanguageModel model() {
        return model;
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
