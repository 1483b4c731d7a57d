package dev.kiln.plugins.taskfiles;

import static dev.kiln.plugins.taskfiles.Fixture.choice;
import static dev.kiln.plugins.taskfiles.Fixture.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * File names and keys as in the loaders of Hugging Face's datasets (race.py, story_cloze.py,
 * piqa.py, ai2_arc.py, hellaswag.py) and in the README of HellaSwag's data; the header of Story Cloze
 * as quoted in several public repositories. The sentences are Kiln's own.
 */
class MultipleChoiceTest {
    private static final String STORY_HEADER =
            "InputStoryid,InputSentence1,InputSentence2,InputSentence3,InputSentence4,"
                    + "RandomFifthSentenceQuiz1,RandomFifthSentenceQuiz2";
    private static final String STORY_VALIDATION =
            "cloze_test_val__spring2016 - cloze_test_ALL_val.csv";

    @TempDir Path folder;

    private Fixture fixture(FilesTaskFactory factory) {
        return new Fixture(folder, factory);
    }

    private static Example example(String id, String text, Answer answer, String... choices) {
        return new Example(id, List.of(text), List.of(choices), answer);
    }

    @Test
    void raceAsksEachQuestionOfAnArticle() throws IOException {
        Fixture race =
                fixture(new RaceHighFactory())
                        .write("dev/high/2.txt", article("[\"D\"]", "[\"Who?\"]", options("abcd")))
                        .write(
                                "dev/high/10.txt",
                                article(
                                        "[\"A\", \"C\"]",
                                        "[\"Why did  _  .\", \"When?\"]",
                                        options("efgh") + ", " + options("ijkl")));
        assertEquals(
                List.of(
                        example(
                                "10.txt#1",
                                "It rained.\n\nWhy did  _  .",
                                choice(0),
                                letters("efgh")),
                        example("10.txt#2", "It rained.\n\nWhen?", choice(2), letters("ijkl")),
                        example("2.txt#1", "It rained.\n\nWho?", choice(3), letters("abcd"))),
                race.examples(TaskPart.VALIDATION));
        race.refuses(TaskPart.TEST, "", ": no file test/high");
    }

    @Test
    void raceMustHaveAnAnswerForEachQuestion() throws IOException {
        Fixture race = fixture(new RaceMiddleFactory());
        race.write("test/middle/1.txt", article("[\"E\"]", "[\"Who?\"]", options("abcd")))
                .refuses(
                        TaskPart.TEST,
                        "test/middle/1.txt",
                        ":1: expected a label of A, B, C, D, got \"E\"");
        race.write("test/middle/1.txt", article("[]", "[\"Who?\"]", options("abcd")))
                .refuses(
                        TaskPart.TEST,
                        "test/middle/1.txt",
                        ":1: expected as many options and answers as questions, got 1, 0 and 1");
        race.write("test/middle/1.txt", article("[\"A\"]", "[\"Who?\"]", options("abc")))
                .refuses(
                        TaskPart.TEST,
                        "test/middle/1.txt",
                        ":1: expected 4 options for a question, got 3");
    }

    private static String article(String answers, String questions, String options) {
        return "{\"answers\": %s, \"options\": [%s], \"questions\": %s, \"article\": \"It rained.\", \"id\": \"high1.txt\"}"
                .formatted(answers, options, questions);
    }

    private static String options(String letters) {
        return "[\"%s\"]".formatted(String.join("\", \"", letters(letters)));
    }

    private static String[] letters(String letters) {
        return letters.split("");
    }

    @Test
    void storiesMayHoldCommasQuotesAndLineEnds() throws IOException {
        Fixture stories =
                fixture(new StoryClozeFactory())
                        .write(
                                "cloze_test_test__spring2016 - cloze_test_ALL_test.csv",
                                STORY_HEADER + ",AnswerRightEnding",
                                "a-1,Tom sat.,\"He ate, then slept.\",It rained.,He woke."
                                        + ",\"He said \"\"no\"\".\",He left.,2",
                                "",
                                "a-2,\"Two",
                                "lines.\",B.,C.,D.,E.,F.,1");
        assertEquals(
                List.of(
                        example(
                                "cloze_test_test__spring2016 - cloze_test_ALL_test.csv:2",
                                "Tom sat. He ate, then slept. It rained. He woke.",
                                choice(1),
                                "He said \"no\".",
                                "He left."),
                        example(
                                "cloze_test_test__spring2016 - cloze_test_ALL_test.csv:4",
                                "Two\nlines. B. C. D.",
                                choice(0),
                                "E.",
                                "F.")),
                stories.examples(TaskPart.TEST));
    }

    @Test
    void theStoriesOfWinter2018HaveNoAnswersInTheirTestFile() throws IOException {
        String test = "cloze_test_test__winter2018-cloze_test_ALL_test - 1.csv";
        Fixture stories =
                fixture(new StoryClozeFactory()).write(test, STORY_HEADER, "b,A.,B.,C.,D.,E.,F.");
        assertEquals(
                List.of(example(test + ":2", "A. B. C. D.", unknown(), "E.", "F.")),
                stories.examples(TaskPart.TEST));
    }

    /** As of the GPT-1 paper's code: 374 of the 1,871 stories to choose by. */
    @Test
    void aFifthOfTheValidationStoriesIsToChooseByTheOthersToLearnFrom() throws IOException {
        List<String> lines = new ArrayList<>(List.of(STORY_HEADER + ",AnswerRightEnding"));
        for (int i = 0; i < 1871; i++) {
            lines.add(i + ",A.,B.,C.,D.,E.,F.,1");
        }
        Fixture stories =
                fixture(new StoryClozeFactory())
                        .write(STORY_VALIDATION, lines.toArray(String[]::new));
        List<Example> train = stories.examples(TaskPart.TRAIN);
        List<Example> validation = stories.examples(TaskPart.VALIDATION);
        assertEquals(1497, train.size());
        assertEquals(374, validation.size());
        assertTrue(validation.stream().noneMatch(train::contains));
    }

    @Test
    void aBrokenStoryIsNamed() throws IOException {
        Fixture stories = fixture(new StoryClozeFactory());
        stories.write(STORY_VALIDATION, STORY_HEADER + ",AnswerRightEnding", "", "a,A.,\"B.,C.", "")
                .refuses(TaskPart.TRAIN, STORY_VALIDATION, ":3: expected a closing \"");
        stories.write(STORY_VALIDATION, STORY_HEADER + ",AnswerRightEnding", "a,\"A.\" B.,C.")
                .refuses(
                        TaskPart.TRAIN,
                        STORY_VALIDATION,
                        ":2: expected a comma at column 7, got  ");
        stories.write(STORY_VALIDATION, STORY_HEADER + ",AnswerRightEnding", "a,A.,B.")
                .refuses(TaskPart.TRAIN, STORY_VALIDATION, ":2: expected 8 columns, got 3");
        stories.write(STORY_VALIDATION, STORY_HEADER, "a,A.,B.,C.,D.,E.,F.")
                .refuses(
                        TaskPart.TRAIN,
                        STORY_VALIDATION,
                        ":1: expected a column AnswerRightEnding; the header is "
                                + STORY_HEADER.replace(",", ", "));
    }

    /** The expected texts are what process_docs of lm-evaluation-harness (4e7e0d4) makes of these. */
    @Test
    void hellaSwagIsCleanedAsByTheHarness() throws IOException {
        Fixture hellaSwag =
                fixture(new HellaSwagFactory())
                        .write(
                                "hellaswag_val.jsonl",
                                "{\"ind\": 3, \"activity_label\": \"Fishing\", \"ctx_a\": \"A man sits"
                                        + " at a Lake.\", \"ctx_b\": \"the Old man\", \"ctx\": \"A man"
                                        + " sits at a Lake. the Old man\", \"split\": \"val\","
                                        + " \"split_type\": \"indomain\", \"label\": 3, \"endings\":"
                                        + " [\"sings.\", \"[step] swims  home.\", \" runs [title]"
                                        + " Far.\", \"waits.\"], \"source_id\": \"x~y\"}",
                                "{\"activity_label\": \"Home\", \"ctx_a\": \"[header] How to bake"
                                        + " [title] Buy flour. [step] Stir.\", \"ctx_b\": \"\","
                                        + " \"label\": \"0\","
                                        + " \"endings\": [\"a\", \"b\", \"c\", \"d\"]}")
                        .write(
                                "hellaswag_test.jsonl",
                                "{\"activity_label\": \"Home\", \"ctx_a\": \"A.\", \"ctx_b\": \"\","
                                        + " \"endings\": [\"a\", \"b\", \"c\", \"d\"]}");
        assertEquals(
                List.of(
                        example(
                                "hellaswag_val.jsonl:1",
                                "Fishing: A man sits at a Lake. The old man",
                                choice(3),
                                "sings.",
                                " swims home.",
                                "runs. Far.",
                                "waits."),
                        example(
                                "hellaswag_val.jsonl:2",
                                "Home: How to bake. Buy flour. Stir.",
                                choice(0),
                                letters("abcd"))),
                hellaSwag.examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(example("hellaswag_test.jsonl:1", "Home: A.", unknown(), letters("abcd"))),
                hellaSwag.examples(TaskPart.TEST));
    }

    @Test
    void hellaSwagMustHaveFourEndingsAndALabel() throws IOException {
        String start = "{\"activity_label\": \"A\", \"ctx_a\": \"B\", \"ctx_b\": \"\", ";
        Fixture hellaSwag = fixture(new HellaSwagFactory());
        hellaSwag
                .write("hellaswag_val.jsonl", start + "\"endings\": [\"a\"]}")
                .refuses(
                        TaskPart.VALIDATION,
                        "hellaswag_val.jsonl",
                        ":1: expected 4 endings, got 1");
        hellaSwag
                .write("hellaswag_val.jsonl", start + "\"endings\": [\"a\", \"b\", \"c\", \"d\"]}")
                .refuses(
                        TaskPart.VALIDATION,
                        "hellaswag_val.jsonl",
                        ":1: expected \"label\", a text; the object has activity_label, ctx_a,"
                                + " ctx_b, endings");
        hellaSwag
                .write("hellaswag_val.jsonl", start + "\"endings\": {}}")
                .refuses(
                        TaskPart.VALIDATION,
                        "hellaswag_val.jsonl",
                        ":1: expected a list of texts in \"endings\"");
        hellaSwag
                .write("hellaswag_val.jsonl", start + "\"endings\": [}")
                .refusesJson(TaskPart.VALIDATION, "hellaswag_val.jsonl", 1);
    }

    @Test
    void piqaHasItsLabelsInAFileBeside() throws IOException {
        String goal =
                "{\"goal\": \"dry a cup\", \"sol1\": \"use a towel\", \"sol2\": \"use soup\"}";
        Fixture piqa =
                fixture(new PiqaFactory())
                        .write("dev.jsonl", goal, goal)
                        .write("dev-labels.lst", "0", "1")
                        .write("train.jsonl", goal)
                        .write("tests.jsonl", goal);
        assertEquals(
                List.of(
                        example("dev.jsonl:1", "dry a cup", choice(0), "use a towel", "use soup"),
                        example("dev.jsonl:2", "dry a cup", choice(1), "use a towel", "use soup")),
                piqa.examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(
                        example(
                                "tests.jsonl:1",
                                "dry a cup",
                                unknown(),
                                "use a towel",
                                "use soup")),
                piqa.examples(TaskPart.TEST));
        piqa.refuses(TaskPart.TRAIN, "train-labels.lst", ": no such file of labels");
        piqa.write("train-labels.lst", "0", "0")
                .refuses(
                        TaskPart.TRAIN,
                        "train-labels.lst",
                        ": expected 1 labels, one for each line of train.jsonl, got 2");
        piqa.write("train-labels.lst", "2")
                .refuses(
                        TaskPart.TRAIN,
                        "train-labels.lst",
                        ":1: expected a label of 0, 1, got \"2\"");
    }

    @Test
    void arcNumbersItsChoicesByLettersOrDigits() throws IOException {
        Fixture arc =
                fixture(new ArcEasyFactory())
                        .write(
                                "ARC-Easy-Test.jsonl",
                                "{\"id\": \"q1\", \"question\": {\"stem\": \"What is ice?\","
                                        + " \"choices\": [{\"text\": \"rock\", \"label\": \"A\"},"
                                        + " {\"text\": \"water\", \"label\": \"B\"}]},"
                                        + " \"answerKey\": \"B\"}",
                                "{\"id\": \"q2\", \"question\": {\"stem\": \"What is coal?\","
                                        + " \"choices\": [{\"text\": \"rock\", \"label\": \"1\"},"
                                        + " {\"text\": \"wood\", \"label\": \"2\"},"
                                        + " {\"text\": \"tin\", \"label\": \"3\"}]},"
                                        + " \"answerKey\": \"1\"}")
                        .write(
                                "ARC-Easy-Dev.jsonl",
                                "{\"question\": {\"stem\": \"What?\","
                                        + " \"choices\": [{\"text\": \"rock\", \"label\": \"A\"},"
                                        + " {\"text\": \"water\", \"label\": \"B\"}]},"
                                        + " \"answerKey\": \"C\"}");
        assertEquals(
                List.of(
                        example(
                                "ARC-Easy-Test.jsonl:1",
                                "What is ice?",
                                choice(1),
                                "rock",
                                "water"),
                        example(
                                "ARC-Easy-Test.jsonl:2",
                                "What is coal?",
                                choice(0),
                                "rock",
                                "wood",
                                "tin")),
                arc.examples(TaskPart.TEST));
        arc.refuses(
                TaskPart.VALIDATION,
                "ARC-Easy-Dev.jsonl",
                ":1: expected a label of A, B, got \"C\"");
        fixture(new ArcChallengeFactory())
                .refuses(TaskPart.TEST, "", ": no file ARC-Challenge-Test.jsonl");
    }
}
