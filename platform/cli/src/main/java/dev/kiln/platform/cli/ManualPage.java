package dev.kiln.platform.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's page of the manual, in the man macros. */
final class ManualPage {
    private final StringBuilder page = new StringBuilder();

    private ManualPage() {}

    /** The name of a page: the command's words joined by hyphens. */
    static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    static String of(CommandLine command) {
        return new ManualPage().write(command.getCommandSpec()).page.toString();
    }

    private ManualPage write(CommandSpec command) {
        String[] description = command.usageMessage().description();
        String name = command.qualifiedName("-");
        raw(".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" Kiln");
        raw(".SH NAME");
        text(name + " - " + (description.length == 0 ? "" : description[0]));
        raw(".SH SYNOPSIS");
        text(synopsis(command));
        raw(".SH DESCRIPTION");
        Stream.of(description).forEach(this::text);
        if (!command.positionalParameters().isEmpty()) {
            raw(".SH ARGUMENTS");
            command.positionalParameters().forEach(this::argument);
        }
        raw(".SH OPTIONS");
        command.options().stream().filter(option -> !option.hidden()).forEach(this::option);
        if (!command.subcommands().isEmpty()) {
            raw(".SH COMMANDS");
            command.subcommands().values().forEach(this::subcommand);
        }
        exitStatus();
        if (command.parent() == null) {
            environment();
        } else {
            seeAlso(command.parent());
        }
        return this;
    }

    private void exitStatus() {
        raw(".SH EXIT STATUS");
        entry("0", "Done.");
        entry("1", "A fault of Kiln.");
        entry("2", "A mistake of the user, told in one line.");
        entry("128+N", "Stopped by signal N: 130 by Ctrl-C, 143 by SIGTERM.");
    }

    private void environment() {
        raw(".SH ENVIRONMENT");
        entry("KILN_JAVA_OPTS", "Words for the JVM, separated by blanks, such as -Xmx64g.");
        entry(
                "KILN_DATA_HOME",
                "Where installed plugins and keys are. By default $XDG_DATA_HOME/kiln or"
                        + " ~/.local/share/kiln on Linux, ~/Library/Application Support/kiln on"
                        + " macOS, %LOCALAPPDATA%\\kiln on Windows.");
        entry(
                "XDG_CACHE_HOME",
                "Below which plugins are unpacked when the installation is read-only, in kiln/plugins."
                        + " By default in cache below $KILN_DATA_HOME if that is set, else in"
                        + " ~/.cache/kiln/plugins.");
    }

    /** All the way up: exit codes are everywhere, the environment is in the first page only. */
    private void seeAlso(CommandSpec parent) {
        raw(".SH SEE ALSO");
        List<String> pages = new ArrayList<>();
        for (CommandSpec above = parent; above != null; above = above.parent()) {
            pages.add(above.qualifiedName("-") + "(1)");
        }
        text(String.join(", ", pages));
    }

    private static String synopsis(CommandSpec command) {
        List<String> words = new ArrayList<>(List.of(command.qualifiedName(), "[OPTIONS]"));
        command.options().stream()
                .filter(option -> option.required() && option.group() == null)
                .forEach(option -> words.add(term(option.longestName(), option)));
        command.argGroups().forEach(group -> words.add(oneOf(group)));
        command.positionalParameters().forEach(argument -> words.add(place(argument)));
        if (!command.subcommands().isEmpty()) {
            words.add(command.usageMessage().synopsisSubcommandLabel());
        }
        return String.join(" ", words);
    }

    private static String oneOf(ArgGroupSpec group) {
        return group.allOptionsNested().stream()
                .map(option -> term(option.longestName(), option))
                .collect(Collectors.joining(" | ", "(", ")"));
    }

    private static String place(PositionalParamSpec argument) {
        String label = argument.paramLabel() + (argument.isMultiValue() ? "..." : "");
        return argument.required() ? label : "[" + label + "]";
    }

    private static String term(String names, OptionSpec option) {
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private void argument(PositionalParamSpec argument) {
        entry(argument.paramLabel(), sentence(argument));
    }

    private void option(OptionSpec option) {
        entry(term(String.join(", ", option.names()), option), sentence(option));
    }

    private void subcommand(CommandLine sub) {
        entry(name(sub) + "(1)", summary(sub.getCommandSpec()));
    }

    /** The first line of what a command says of itself. */
    static String summary(CommandSpec command) {
        String[] description = command.usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    /** What an argument says of itself, on one line. */
    static String sentence(ArgSpec argument) {
        return Stream.of(argument.description()).collect(Collectors.joining(" "));
    }

    /** The values that an argument may have, where they are few; else none. */
    static Collection<String> candidates(ArgSpec argument) {
        Iterable<String> known = argument.completionCandidates();
        return known == null
                ? List.of()
                : StreamSupport.stream(known.spliterator(), false).toList();
    }

    private void entry(String term, String meaning) {
        raw(".TP");
        raw(".B " + escaped(term));
        text(meaning);
    }

    private void text(String line) {
        raw(escaped(line));
    }

    private void raw(String line) {
        page.append(line).append('\n');
    }

    /** As it stands: no escapes, and no request where a line begins with a dot or an apostrophe. */
    private static String escaped(String line) {
        String plain = line.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
