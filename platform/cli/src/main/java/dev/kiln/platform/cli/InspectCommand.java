package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln inspect}: what is in a file or a folder. */
@Command(
        description = "That is: config, checkpoints, tensors. Reads headers, no weights.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    private final Supplier<KilnRuntime> runtimes;
    private final Pipes pipes;
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE|DIR", description = "What to look at.")
    private String path = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    InspectCommand(Supplier<KilnRuntime> runtimes, Pipes pipes) {
        this.runtimes = runtimes;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        Path here = LookContext.here().resolve(path);
        if (!Files.exists(here)) {
            throw new InvalidInput(path + ": there is no such file or folder");
        }
        if (Files.isDirectory(here)) {
            FolderContents folder = FolderContents.of(here, runtimes);
            show(json ? folder.json() : "", folder::print);
        } else {
            FileContents file = FileContents.of(here);
            show(json ? file.json() : "", file::print);
        }
        return 0;
    }

    private void show(Object value, Consumer<PrintWriter> table) {
        if (json) {
            JsonText text = new JsonText().value(value).raw("\n");
            pipes.write(text.bytes(), text.length());
        } else {
            table.accept(spec.commandLine().getOut());
        }
    }
}
