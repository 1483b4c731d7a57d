package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.Optional;

/**
 * Options of the tasks from WordNet. The headwords of validation and test are among those that the
 * corpus {@code wordnet} holds out, if it holds out at least as many.
 */
public record WordNetTaskOptions(
        @Doc("of the order of the examples and of what is drawn for them, not of the parts")
                @Default("0")
                long seed,
        @Doc("share of the headwords that are in the validation part")
                @Default("0.025")
                @Range(min = 0, max = 0.45)
                double validation,
        @Doc("share of the headwords that are in the test part")
                @Default("0.025")
                @Range(min = 0, max = 0.45)
                double test,
        @Doc(
                        "what wrong answers are taken from: the part of speech, or the category, which is harder")
                @Default("part-of-speech")
                Distractors distractors,
        @Doc("at most so many examples in each part") @Range(min = 1) Optional<Integer> limit) {

    TaskPart part(String headword) {
        double place = Headwords.place(headword);
        return place < test
                ? TaskPart.TEST
                : place < test + validation ? TaskPart.VALIDATION : TaskPart.TRAIN;
    }

    /** What wrong answers have in common with right ones. */
    public enum Distractors {
        PART_OF_SPEECH,
        CATEGORY;

        String group(Synset synset) {
            return switch (this) {
                case PART_OF_SPEECH -> synset.entry().partOfSpeech().word();
                case CATEGORY -> synset.category().label();
            };
        }
    }
}
