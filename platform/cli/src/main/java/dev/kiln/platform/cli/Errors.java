package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.PluginCode;
import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and the stack trace only when asked. */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int OURS = 1;
    static final int USERS = 2;

    private final BooleanSupplier debug;

    Errors(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return switch (e) {
            case InvalidInput _ -> report(e.getMessage(), e, command, USERS);
            case ReaderGone _ -> CommandLine.ExitCode.OK;
            case UncheckedIOException unchecked -> io(unchecked.getCause(), command);
            case IOException problem -> io(problem, command);
            default -> internal(e, command);
        };
    }

    private int io(IOException problem, CommandLine command) {
        return FileProblem.describe(problem)
                .map(line -> report(line, problem, command, USERS))
                .orElseGet(() -> internal(problem, command));
    }

    /**
     * Reports what ended Kiln in the middle. Where a mapped file was cut off, who closed it on the way
     * here said so.
     */
    int error(Error e, CommandLine command) {
        Optional<String> cut =
                Optional.of(e)
                        .filter(InternalError.class::isInstance)
                        .flatMap(
                                failure ->
                                        Arrays.stream(failure.getSuppressed())
                                                .filter(InvalidInput.class::isInstance)
                                                .findFirst())
                        .map(Throwable::getMessage);
        return cut.map(line -> report(line, e, command, USERS))
                .orElseGet(() -> internal(e, command));
    }

    /** Reports what should not have happened, and in which plugin's code it did. */
    int internal(Throwable e, CommandLine command) {
        String hint = debug.getAsBoolean() ? "" : " (--debug prints the stack trace)";
        String place = PluginCode.nearest(e).map(code -> " in " + code).orElse("");
        return report("internal error" + place + ": " + e + hint, e, command, OURS);
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        List<String> unknown = command.getUnmatchedArguments();
        String message =
                unknown.isEmpty()
                        ? e.getMessage()
                        : unknown(command, unknown.getFirst()).getMessage();
        String help = "; see '" + command.getCommandSpec().qualifiedName() + " --help'";
        return report(message + help, e, command, USERS);
    }

    /** Says that a command takes no such word, and which one was meant if that can be guessed. */
    static ParameterException unknown(CommandLine command, String word) {
        boolean option = word.length() > 1 && word.startsWith("-");
        Set<String> verbs = command.getSubcommands().keySet();
        String name = option ? word.replaceFirst("=.*", "") : word;
        String kind =
                option ? "unknown option" : verbs.isEmpty() ? "unexpected" : "unknown command";
        return new ParameterException(
                command,
                kind
                        + " '"
                        + name
                        + "'"
                        + (option ? nearestOption(command, name) : Spelling.nearest(name, verbs))
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
    }

    /** By its letters: dashes would make any two short options near. */
    private static Optional<String> nearestOption(CommandLine command, String wrong) {
        List<String> names =
                command.getCommandSpec().optionsMap().keySet().stream()
                        .filter(name -> name.startsWith("--"))
                        .map(name -> name.substring(2))
                        .toList();
        return Spelling.nearest(wrong.replaceFirst("^-+", ""), names).map("--"::concat);
    }

    private int report(String message, Throwable e, CommandLine command, int code) {
        PrintWriter err = command.getErr();
        err.println("kiln: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        return code;
    }
}
