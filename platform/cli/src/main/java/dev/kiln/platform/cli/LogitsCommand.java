package dev.kiln.platform.cli;

import dev.kiln.platform.config.DefaultOptions;
import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.platform.models.Backends;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.RunContext;
import dev.kiln.spi.Choice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import dev.kiln.spi.backend.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln logits}: what a model computes for some tokens, in a file. */
@Command(
        description =
                "It holds ids [T] and logits [T, vocabulary]; with --hidden also hidden_states.0 (the"
                        + " embeddings) to hidden_states.L (what the head reads), each [T, width].",
        mixinStandardHelpOptions = true)
final class LogitsCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "MODEL", description = "A run folder or a Hugging Face folder.")
    private String model = "";

    @ArgGroup(multiplicity = "1")
    private Input input = new Input();

    /** What the model reads: one of the two. */
    static final class Input {
        @Option(
                names = "--ids",
                paramLabel = "IDS",
                description = "Token ids, for example 15496,11,995 (required, or --text).")
        private Optional<String> ids = Optional.empty();

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description = "Text, to be tokenized (required, or --ids).")
        private Optional<String> text = Optional.empty();

        int[] tokens(LanguageModel language, boolean specialTokens) {
            return ids.map(list -> TokenIds.parse(list.getBytes(StandardCharsets.UTF_8), "--ids"))
                    .orElseGet(() -> language.prompt(text.orElse(""), specialTokens));
        }
    }

    @Option(
            names = "--special-tokens",
            description =
                    "Take special tokens that the text spells, such as <|endoftext|>, as such.")
    private boolean specialTokens;

    @Option(names = "--hidden", description = "Write the hidden states of every layer too.")
    private boolean hidden;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The file to write; one that is there is replaced (required).")
    private String out = "";

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What computes (default: ${DEFAULT-VALUE}); 'kiln plugins' lists all.")
    private String backend = "";

    @Mixin private CheckpointOption checkpoint = new CheckpointOption();

    LogitsCommand(Supplier<KilnRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Integer call() throws IOException {
        RunContext context = LookContext.here();
        try (KilnRuntime kiln = runtimes.get();
                Backend computes = Backends.create(choice(kiln), PrecisionChoice.FLOAT32, context);
                OpenModel opened =
                        kiln.injector()
                                .getInstance(TrainedModel.class)
                                .open(
                                        context.resolve(model),
                                        checkpoint.best(),
                                        context,
                                        computes,
                                        Precision.FLOAT32,
                                        LoggerFactory.getLogger(LogitsCommand.class)::warn)) {
            write(opened.language(), context.resolve(out));
        }
        return 0;
    }

    private Choice<Backend> choice(KilnRuntime kiln) {
        BackendFactory<?> factory = kiln.catalog().find(BackendFactory.class, backend);
        return DefaultOptions.choose(factory, kiln.catalog());
    }

    private void write(LanguageModel language, Path file) throws IOException {
        int[] ids = input.tokens(language, specialTokens);
        try (ForwardPass pass = ForwardPass.of(language, ids)) {
            LogitsFile.content(pass, ids, hidden).save(file);
            String states = hidden ? ", hidden_states.0 to ." + (pass.states() - 1) : "";
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s: logits %s%s; likeliest next: %s%n",
                            out,
                            pass.logitsShape(),
                            states,
                            new NextTokens(language.tokenizer()).line(pass.next(0)));
        }
    }
}
