package dev.kiln.platform.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for bash: a table of what may come where, and a function that reads the words. */
final class BashCompletion {
    private static final String READER =
            """
            _kiln() {
                local command=kiln option= place=0 word
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    if [[ $word == = ]]; then
                        continue # bash takes --option=value as three words
                    elif [[ $word == -* ]]; then
                        option=
                        if _kiln_offer "$command/$word" > /dev/null; then option=$word; fi
                    elif [[ $option ]]; then
                        option=
                    elif [[ " $(_kiln_offer "$command/commands") " == *" $word "* ]]; then
                        command+=" $word"
                    else
                        place=$((place + 1))
                    fi
                done
                local current=${COMP_WORDS[COMP_CWORD]} offer
                if [[ $current == = ]]; then current=; fi
                if [[ $current == -* ]]; then
                    offer=$(_kiln_offer "$command/options")
                elif [[ $option ]]; then
                    offer=$(_kiln_offer "$command/$option")
                elif offer=$(_kiln_offer "$command/commands"); then
                    if ((place > 0)); then offer=; fi
                else
                    offer=$(_kiln_offer "$command/$place" || _kiln_offer "$command/rest")
                fi
                local IFS=$' \\n'
                case $offer in
                '<files>' | '<folders>')
                    local kind=-f
                    if [[ $offer == '<folders>' ]]; then kind=-d; fi
                    compopt -o filenames 2> /dev/null
                    IFS=$'\\n'
                    COMPREPLY=($(compgen $kind -- "$current"))
                    ;;
                *) COMPREPLY=($(compgen -W "$offer" -- "$current")) ;;
                esac
            }

            complete -F _kiln kiln
            """;

    private final StringBuilder script = new StringBuilder();

    private BashCompletion() {}

    static String of(CommandLine kiln) {
        BashCompletion completion = new BashCompletion();
        completion.script.append("# Completions of kiln for bash, made from its commands.\n\n");
        completion.script.append("# COMMAND/PLACE: what may stand there, if it is a place.\n");
        completion.script.append("_kiln_offer() {\n    case $1 in\n");
        completion.add(kiln.getCommandSpec());
        completion.script.append("    *) return 1 ;;\n    esac\n}\n\n").append(READER);
        return completion.script.toString();
    }

    private void add(CommandSpec command) {
        List<OptionSpec> options =
                command.options().stream().filter(option -> !option.hidden()).toList();
        place(
                command,
                "options",
                words(options.stream().flatMap(option -> Stream.of(option.names())).toList()));
        for (OptionSpec option : options) {
            if (option.arity().max() > 0) {
                for (String name : option.names()) {
                    place(command, name, offer(option));
                }
            }
        }
        for (PositionalParamSpec argument : command.positionalParameters()) {
            String place =
                    argument.isMultiValue() ? "rest" : String.valueOf(argument.index().min());
            place(command, place, offer(argument));
        }
        if (!command.subcommands().isEmpty()) {
            place(command, "commands", words(command.subcommands().keySet()));
            command.subcommands().values().forEach(sub -> add(sub.getCommandSpec()));
        }
    }

    private void place(CommandSpec command, String place, String offer) {
        script.append(
                String.format(
                        Locale.ROOT,
                        "    '%s/%s') echo '%s' ;;\n",
                        command.qualifiedName(),
                        place,
                        offer));
    }

    private static String words(Collection<String> words) {
        return String.join(" ", words);
    }

    private static String offer(ArgSpec argument) {
        return switch (Offer.of(argument)) {
            case WORDS -> words(ManualPage.candidates(argument));
            case FOLDERS -> "<folders>";
            case FILES -> "<files>";
            case NOTHING -> "";
        };
    }
}
