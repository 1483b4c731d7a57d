package dev.kiln.platform.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for fish. */
final class FishCompletion {
    private final StringBuilder script = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandLine kiln) {
        FishCompletion completion = new FishCompletion();
        completion.script.append("# Completions of kiln for fish, made from its commands.\n");
        completion.add(kiln.getCommandSpec(), List.of());
        return completion.script.toString();
    }

    /**
     * @param path the words behind {@code kiln} that lead to the command
     */
    private void add(CommandSpec command, List<String> path) {
        String names = String.join(" ", command.subcommands().keySet());
        List<String> seen = new ArrayList<>();
        path.forEach(word -> seen.add("__fish_seen_subcommand_from " + word));
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                complete(seen, option(option));
            }
        }
        if (!command.subcommands().isEmpty()) {
            seen.add("not __fish_seen_subcommand_from " + names);
        }
        command.subcommands()
                .forEach(
                        (name, sub) -> {
                            String summary = ManualPage.summary(sub.getCommandSpec());
                            complete(seen, " -f -a " + name + description(summary));
                            List<String> longer = new ArrayList<>(path);
                            longer.add(name);
                            add(sub.getCommandSpec(), longer);
                        });
    }

    private void complete(List<String> conditions, String rest) {
        script.append("complete -c kiln");
        if (!conditions.isEmpty()) {
            script.append(" -n '").append(String.join("; and ", conditions)).append('\'');
        }
        script.append(rest).append('\n');
    }

    private static String option(OptionSpec option) {
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceAll("^-+", ""));
        }
        List<String> values = List.copyOf(ManualPage.candidates(option));
        if (option.arity().max() > 0) {
            text.append(" -r");
        }
        if (!values.isEmpty()) {
            text.append(" -f -a '").append(String.join(" ", values)).append('\'');
        }
        return text + description(ManualPage.sentence(option));
    }

    private static String description(String text) {
        return " -d '" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
