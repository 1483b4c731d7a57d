package dev.kiln.platform.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for zsh: one function a command. */
final class ZshCompletion {
    private final StringBuilder script = new StringBuilder();

    private ZshCompletion() {}

    static String of(CommandLine kiln) {
        ZshCompletion completion = new ZshCompletion();
        completion.script.append("#compdef kiln\n");
        completion.script.append("# Completions of kiln for zsh, made from its commands.\n");
        completion.add(kiln.getCommandSpec());
        completion.script.append("\n_kiln \"$@\"\n");
        return completion.script.toString();
    }

    private static String function(CommandSpec command) {
        return "_" + command.qualifiedName("_").replace('-', '_');
    }

    private void add(CommandSpec command) {
        script.append('\n').append(function(command)).append("() {\n");
        Map<String, CommandLine> subcommands = command.subcommands();
        if (subcommands.isEmpty()) {
            script.append("    _arguments");
            options(command);
            command.positionalParameters().forEach(this::argument);
            script.append('\n');
        } else {
            script.append("    local context state state_descr line\n");
            script.append("    typeset -A opt_args\n");
            script.append("    _arguments -C");
            options(command);
            script.append(" \\\n        '1: :->command' \\\n        '*:: :->arguments'\n");
            script.append("    case $state in\n    command)\n        local -a commands=(\n");
            subcommands.forEach(
                    (name, sub) ->
                            line("            ", name, ManualPage.summary(sub.getCommandSpec())));
            script.append("        )\n        _describe command commands\n        ;;\n");
            script.append("    arguments)\n        case $line[1] in\n");
            subcommands.forEach(
                    (name, sub) ->
                            script.append(
                                    String.format(
                                            Locale.ROOT,
                                            "        %s) %s ;;\n",
                                            name,
                                            function(sub.getCommandSpec()))));
            script.append("        esac\n        ;;\n    esac\n");
        }
        script.append("}\n");
        subcommands.values().forEach(sub -> add(sub.getCommandSpec()));
    }

    private void line(String indent, String name, String summary) {
        script.append(indent).append(quoted(name + ":" + summary.replace(":", "\\:"))).append('\n');
    }

    private void options(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                for (String name : option.names()) {
                    script.append(" \\\n        ").append(quoted(option(option, name)));
                }
            }
        }
    }

    private void argument(PositionalParamSpec argument) {
        String place =
                argument.isMultiValue()
                        ? "*:"
                        : argument.index().min() + 1 + (isOptional(argument) ? "::" : ":");
        script.append(" \\\n        ").append(quoted(place + value(argument)));
    }

    private static boolean isOptional(ArgSpec argument) {
        return argument.arity().min() == 0;
    }

    /** A label, and what to offer. */
    private static String value(ArgSpec argument) {
        String action =
                switch (Offer.of(argument)) {
                    case WORDS -> "(" + String.join(" ", ManualPage.candidates(argument)) + ")";
                    case FOLDERS -> "_files -/";
                    case FILES -> "_files";
                    case NOTHING -> " ";
                };
        return argument.paramLabel().replace(":", "\\:") + ":" + action;
    }

    private static String option(OptionSpec option, String name) {
        String others = String.join(" ", option.names());
        String text = ManualPage.sentence(option).replaceAll("([\\[\\]:\\\\])", "\\\\$1");
        boolean flag = option.arity().max() == 0;
        String equals = !flag && name.startsWith("--") ? "=" : "";
        String start = "(" + others + ")" + name + equals + "[" + text + "]";
        return flag ? start : start + (isOptional(option) ? "::" : ":") + value(option);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
