package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pf4j.Extension;

/**
 * {@code hellaswag}: which of four endings goes on (Zellers et al., 2019)? The test file has no
 * labels. Context and endings are cleaned of WikiHow's marks and joined as by lm-evaluation-harness.
 */
@Extension
public final class HellaSwagFactory extends FilesTaskFactory {
    private static final Pattern BRACKETS = Pattern.compile("\\[.*?]");
    private static final Marks LABELS = Marks.choices("0", "1", "2", "3");

    public HellaSwagFactory() {
        super(
                "hellaswag",
                Shape.of(
                        TaskKind.MULTIPLE_CHOICE,
                        "context",
                        Prompt.of("{context}"),
                        Metric.ACCURACY),
                PartNames.of(
                        "hellaswag_train.jsonl", "hellaswag_val.jsonl", "hellaswag_test.jsonl"),
                new Jsonl(HellaSwagFactory::example));
    }

    private static Example example(JsonObject object, TaskPart part) {
        String context =
                String.format(
                        Locale.ROOT,
                        "%s: %s %s",
                        object.text("activity_label"),
                        object.text("ctx_a"),
                        capitalized(object.text("ctx_b")));
        List<String> endings = object.texts("endings");
        if (endings.size() != 4) {
            throw object.place().refuse("expected 4 endings, got " + endings.size());
        }
        return new Example(
                object.place().id(),
                List.of(clean(context)),
                endings.stream().map(HellaSwagFactory::clean).toList(),
                answer(object, part));
    }

    private static Answer answer(JsonObject object, TaskPart part) {
        Optional<String> label = object.optionalText("label");
        return part == TaskPart.TEST && label.isEmpty()
                ? new Answer.Unknown()
                : LABELS.answer(object.text("label"), object.place());
    }

    /** The first letter large, all others small, as Python's {@code capitalize} has it. */
    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int second = text.offsetByCodePoints(0, 1);
        return Character.toString(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(second).toLowerCase(Locale.ROOT);
    }

    private static String clean(String text) {
        String titled = text.strip().replace(" [title]", ". ");
        return BRACKETS.matcher(titled).replaceAll("").replace("  ", " ");
    }
}
