package dev.kiln.platform.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for fish: a function that reads the words, and a line for each word that may come. */
final class FishCompletion {
    private static final String READER =
            """
            # Whether the words before the cursor call COMMAND, with FROM to TO arguments if these
            # are given.
            function __kiln_at
                set -l words (commandline -opc)
                set -e words[1]
                set -l command kiln
                set -l value no
                set -l place 0
                for word in $words
                    if string match -q -- '-*' $word
                        set value no
                        contains -- "$command/$word" $__kiln_valued; and set value yes
                    else if test $value = yes
                        set value no
                    else if contains -- "$command $word" $__kiln_commands
                        set command "$command $word"
                    else
                        set place (math $place + 1)
                    end
                end
                test $command = $argv[1]; or return 1
                test (count $argv) -lt 2; or test $place -ge $argv[2]; or return 1
                test (count $argv) -lt 3; or test $place -le $argv[3]
            end

            complete -c kiln -f
            """;

    private final StringBuilder script = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandLine kiln) {
        CommandSpec spec = kiln.getCommandSpec();
        FishCompletion completion = new FishCompletion();
        completion.script.append("# Completions of kiln for fish, made from its commands.\n");
        completion.set("__kiln_commands", all(spec).map(CommandSpec::qualifiedName));
        completion.set("__kiln_valued", all(spec).flatMap(FishCompletion::valued));
        completion.script.append('\n').append(READER);
        all(spec).forEach(completion::add);
        return completion.script.toString();
    }

    private static Stream<CommandSpec> all(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().flatMap(sub -> all(sub.getCommandSpec())));
    }

    /** The options of a command that take a value. */
    private static Stream<String> valued(CommandSpec command) {
        return command.options().stream()
                .filter(option -> option.arity().max() > 0)
                .flatMap(option -> Stream.of(option.names()))
                .map(name -> command.qualifiedName() + "/" + name);
    }

    private void set(String variable, Stream<String> values) {
        script.append("set -g ").append(variable);
        values.forEach(value -> script.append(" \\\n    '").append(value).append('\''));
        script.append('\n');
    }

    private void add(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                complete(command, "", option(option));
            }
        }
        for (PositionalParamSpec argument : command.positionalParameters()) {
            int place = argument.index().min();
            complete(
                    command,
                    " " + place + (argument.isMultiValue() ? "" : " " + place),
                    offer(argument));
        }
        command.subcommands()
                .forEach(
                        (name, sub) -> {
                            String summary = ManualPage.summary(sub.getCommandSpec());
                            complete(command, " 0 0", " -f -a " + name + description(summary));
                        });
    }

    private void complete(CommandSpec command, String places, String rest) {
        script.append("complete -c kiln -n '__kiln_at \"")
                .append(command.qualifiedName())
                .append('"')
                .append(places)
                .append('\'')
                .append(rest)
                .append('\n');
    }

    private static String option(OptionSpec option) {
        String names =
                Stream.of(option.names())
                        .map(name -> name.replaceFirst("^--", " -l ").replaceFirst("^-", " -s "))
                        .collect(Collectors.joining());
        String value = option.arity().max() == 0 ? "" : " -r" + offer(option);
        return names + value + description(ManualPage.sentence(option));
    }

    private static String offer(ArgSpec argument) {
        List<String> words = List.copyOf(ManualPage.candidates(argument));
        return switch (Offer.of(argument)) {
            case WORDS -> " -f -a '" + String.join(" ", words) + "'";
            case FOLDERS -> " -f -a '(__fish_complete_directories)'";
            case FILES -> " -F";
            case NOTHING -> " -f";
        };
    }

    private static String description(String text) {
        return " -d '" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
