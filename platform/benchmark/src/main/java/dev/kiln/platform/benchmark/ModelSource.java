package dev.kiln.platform.benchmark;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Where a model to generate with comes from. */
public sealed interface ModelSource permits ModelSource.Folder, RandomModel {

    /**
     * A model with its weights.
     *
     * @param format of the weights, in words
     * @param bytesPerToken of the weights that one token reads, if it is known
     * @param release gives back what is not the scope's; used once, before the scope is closed
     */
    record Opened(
            LanguageModel language, String format, OptionalLong bytesPerToken, Runnable release) {}

    /**
     * @param scope how long the weights live
     * @throws InvalidInput when the backend does not take it
     */
    Opened open(Workload workload, Backend backend, Scope scope);

    /**
     * A run folder or a Hugging Face folder.
     *
     * @param trained opens it
     * @param notice told what was left out or is not read
     */
    record Folder(TrainedModel trained, String path, Consumer<String> notice)
            implements ModelSource {
        @Override
        public Opened open(Workload workload, Backend backend, Scope scope) {
            try {
                OpenModel opened =
                        trained.open(
                                workload.context().resolve(path),
                                true,
                                workload.context(),
                                backend,
                                workload.precision(backend),
                                notice);
                return new Opened(
                        language(opened),
                        "as stored in " + path,
                        OptionalLong.empty(),
                        opened::close);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Random ids need no tokenizer: where none is read, one without words stands there. */
        private static LanguageModel language(OpenModel opened) {
            LanguageModel language = opened.language();
            return opened.stored().tokenizer().isPresent()
                    ? language
                    : new LanguageModel(
                            language.backend(),
                            language.precision(),
                            language.model(),
                            language.head(),
                            new Wordless(opened.stored().vocabulary()),
                            language.layouts());
        }
    }
}
