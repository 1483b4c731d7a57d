package dev.kiln.platform.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
            script.append(" \\\n        '*:file:_files'\n");
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
                                    "        %s) %s ;;\n"
                                            .formatted(name, function(sub.getCommandSpec()))));
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

    private static String option(OptionSpec option, String name) {
        String others = String.join(" ", option.names());
        String text = ManualPage.sentence(option).replaceAll("([\\[\\]:\\\\])", "\\\\$1");
        String start = "(" + others + ")" + name + "[" + text + "]";
        if (option.arity().max() == 0) {
            return start;
        }
        List<String> values = List.copyOf(ManualPage.candidates(option));
        String action = values.isEmpty() ? "_files" : "(" + String.join(" ", values) + ")";
        return start + ":" + option.paramLabel().replace(":", "\\:") + ":" + action;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
