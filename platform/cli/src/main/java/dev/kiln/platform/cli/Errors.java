package dev.kiln.platform.cli;

import dev.kiln.spi.InvalidInput;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

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
            case AccessDeniedException denied ->
                    report(denied.getFile() + ": permission denied", e, command, USERS);
            default -> internal(e, command);
        };
    }

    /** Reports what should not have happened. */
    int internal(Throwable e, CommandLine command) {
        String hint = debug.getAsBoolean() ? "" : " (--debug prints the stack trace)";
        return report("internal error: " + e + hint, e, command, OURS);
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String help = "; see '" + command.getCommandSpec().qualifiedName() + " --help'";
        return report(e.getMessage() + nearest(e) + help, e, command, USERS);
    }

    private static String nearest(ParameterException e) {
        List<String> words =
                e instanceof UnmatchedArgumentException unmatched
                        ? unmatched.getSuggestions()
                        : List.of();
        return words.isEmpty() ? "" : "; did you mean '" + words.getFirst() + "'?";
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
