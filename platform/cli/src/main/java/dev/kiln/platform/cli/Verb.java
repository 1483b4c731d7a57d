package dev.kiln.platform.cli;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The verbs of {@code kiln}: what each does, in a line, and the command behind it. A command is made
 * when it is called: picocli reads options by reflection, which for all verbs at once takes longer
 * than the JVM's start.
 */
enum Verb {
    RUN("Does what a run file describes.", with -> plain(new RunCommand(with.runtimes()))),
    VALIDATE(
            "Checks a run file without running it.",
            with -> plain(new ValidateCommand(with.runtimes()))),
    LOGITS(
            "Writes a model's logits for some tokens to a safetensors file.",
            with -> plain(new LogitsCommand(with.runtimes()))),
    TOKENIZE(
            "Turns text on standard input into token ids.",
            with -> plain(new TokenizeCommand(with.runtimes(), with.pipes()))),
    DETOKENIZE(
            "Turns token ids on standard input into text.",
            with -> plain(new DetokenizeCommand(with.runtimes(), with.pipes()))),
    INSPECT(
            "Tells what is in a safetensors file, a run folder or a Hugging Face folder.",
            with -> plain(new InspectCommand(with.runtimes(), with.pipes()))),
    SCHEMA(
            "Prints the JSON Schema of run files, for editors.",
            with -> plain(new SchemaCommand(with.runtimes()))),
    PLAN(
            "Says what a training run needs: parameters, memory, work and time.",
            with -> plain(new PlanCommand(with.runtimes()))),
    BENCH(
            "Measures how fast Kiln is on this machine: a command says what.",
            with -> BenchCommand.of(with.runtimes(), with.pipes())),
    IMPORT(
            "Makes a run folder of a Hugging Face folder.",
            with -> plain(new ImportCommand(with.runtimes()))),
    EXPORT(
            "Makes a Hugging Face folder of a model, for transformers to load.",
            with -> plain(new ExportCommand(with.runtimes()))),
    QUANTIZE(
            "Makes a run folder of a model with its matrices in fewer bits, to be asked, not trained.",
            with -> plain(new QuantizeCommand(with.runtimes()))),
    ADAPTER(
            "Puts a low-rank adapter into a model, or takes one out of a run folder.",
            with -> AdapterCommand.of(with.runtimes())),
    DOCTOR(
            "Says what Kiln found here, what it computes with, and what would make it faster.",
            with -> plain(new DoctorCommand(with.runtimes()))),
    PLUGINS(
            "Lists the extension points, who supplies what, and all options.",
            with -> PluginsCommand.of(with.runtimes(), with.store())),
    HELP("Says what a verb does and what it takes.", _ -> plain(new HelpCommand()));

    private final String summary;
    private final Function<Services, CommandLine> command;

    Verb(String summary, Function<Services, CommandLine> command) {
        this.summary = summary;
        this.command = command;
    }

    private static CommandLine plain(Object annotated) {
        return new CommandLine(annotated);
    }

    /** The word that calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a list of verbs shows, without options; it can't be called. */
    CommandLine listed() {
        CommandSpec spec = CommandSpec.create().name(word());
        spec.usageMessage().description(summary);
        return new CommandLine(spec);
    }

    /** All of it. */
    CommandLine called(Services services) {
        CommandLine made = command.apply(services);
        CommandSpec spec = made.getCommandSpec().name(word());
        String[] more = Objects.requireNonNull(spec.usageMessage().description());
        spec.usageMessage()
                .description(
                        Stream.concat(Stream.of(summary), Stream.of(more)).toArray(String[]::new));
        return made;
    }
}
