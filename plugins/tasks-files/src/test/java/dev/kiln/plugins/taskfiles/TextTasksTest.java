package dev.kiln.plugins.taskfiles;

import static dev.kiln.plugins.taskfiles.Fixture.one;
import static dev.kiln.plugins.taskfiles.Fixture.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * File names, keys and parts as in the loaders of Hugging Face's datasets (lambada.py, wikitext.py,
 * trivia_qa.py) and as in the tasks of lm-evaluation-harness. The sentences are Kiln's own.
 */
class TextTasksTest {
    @TempDir Path folder;

    private Fixture fixture(FilesTaskFactory factory) {
        return new Fixture(folder, factory);
    }

    private static Answer words(String... accepted) {
        return new Answer.Words(List.of(accepted));
    }

    @Test
    void lambadaAsksForTheLastWord() throws IOException {
        Fixture lambada =
                fixture(new LambadaFactory())
                        .write(
                                "lambada_test_plain_text.txt",
                                "he sat by the lake . `` i like this , '' said tom",
                                "",
                                "she called the dog");
        assertEquals(
                List.of(
                        one(
                                "lambada_test_plain_text.txt:1",
                                "he sat by the lake . `` i like this , '' said",
                                words("tom")),
                        one("lambada_test_plain_text.txt:3", "she called the", words("dog"))),
                lambada.examples(TaskPart.TEST));
        lambada.write("lambada_test_plain_text.txt", "he sat", "tom")
                .refuses(
                        TaskPart.TEST,
                        "lambada_test_plain_text.txt",
                        ":2: expected a passage of at least two words");
    }

    @Test
    void lambadaOfGpt2IsJson() throws IOException {
        Fixture lambada =
                fixture(new LambadaFactory())
                        .write("lambada_test_plain_text.txt", "not this")
                        .write(
                                "lambada_test.jsonl",
                                "{\"text\": \"\\u201cCome,\\u201d she said.\\nHe came to Ann\"}")
                        .write("own.jsonl", "{\"text\": \"Hot tea\"}", "{\"txt\": \"Hot tea\"}");
        assertEquals(
                List.of(one("lambada_test.jsonl:1", "“Come,” she said.\nHe came to", words("Ann"))),
                lambada.examples(TaskPart.TEST));
        lambada.write("lambada_test.jsonl", "{\"text\": \"Hot tea\"}", "{\"txt\": \"Hot tea\"}")
                .refuses(
                        TaskPart.TEST,
                        "lambada_test.jsonl",
                        ":2: expected \"text\", a text; the object has txt");
    }

    @Test
    void aFileOfAnotherNameCanBeChosen() throws IOException {
        Fixture lambada =
                fixture(new LambadaFactory()).write("own.jsonl", "{\"text\": \"Hot tea\"}");
        assertEquals(
                List.of(one("own.jsonl:1", "Hot", words("tea"))),
                lambada.task(Optional.of("own.jsonl")).examples(TaskPart.TEST));
    }

    @Test
    void everyFifthPassageOfLambadasDevelopmentFileIsToChooseBy() throws IOException {
        Fixture lambada =
                fixture(new LambadaFactory())
                        .write(
                                "lambada_development_plain_text.txt",
                                "a 1",
                                "a 2",
                                "a 3",
                                "a 4",
                                "a 5",
                                "a 6");
        assertEquals(5, lambada.examples(TaskPart.TRAIN).size());
        assertEquals(
                List.of(one("lambada_development_plain_text.txt:5", "a", words("5"))),
                lambada.examples(TaskPart.VALIDATION));
    }

    /** The expected texts are what wikitext_detokenizer of lm-evaluation-harness (4e7e0d4) makes. */
    @Test
    void wikiTextIsADocumentAnArticleDetokenizedAsByTheHarness() throws IOException {
        Fixture wikiText =
                fixture(new WikiTextFactory()).write("wiki.test.tokens", WIKITEXT.split("\n", -1));
        List<Example> articles = wikiText.examples(TaskPart.TEST);
        assertEquals(
                List.of("wiki.test.tokens:2", "wiki.test.tokens:10"),
                articles.stream().map(Example::id).toList());
        assertEquals(
                List.of(FIRST, SECOND),
                articles.stream().map(article -> article.texts().getFirst()).toList());
        assertEquals(
                WIKITEXT.substring(2),
                articles.getFirst().texts().getLast()
                        + "\n"
                        + articles.getLast().texts().getLast());
        assertEquals(unknown(), articles.getFirst().answer());
    }

    private static final String WIKITEXT =
            """
            \s
             = The Tin Boat =\s
            \s
             The boat 's crew ( ten men , all told ) rowed 1 @,@ 500 m in 4 @.@ 5 hours ; it was 30 ° C .\s
             " Row on , " said Ann , the sailors ' cook , who ' d seen well @-@ known ' ghosts ' : none .\s
            \s
             = = Later life = =\s
            \s
             It sank [ twice ] ! Why ? Point N was near { there } .\s
             = Rain =\s
             = = = Cloud = = =\s
             It rains costs $ 5 \\ 6 ( a ) .\s""";

    private static final String FIRST =
            """
            \s= The Tin Boat =

            The boat's crew (ten men, all told) rowed 1,500 m in 4.5 hours; it was 30°C.
            "Row on," said Ann, the sailors' cook, who 'd seen well-known' ghosts': none.

            == Later life ==

            It sank [twice]! Why? Point 1 was near {there}.\s""";
    private static final String SECOND =
            """
            \s= Rain =
            === Cloud ===
            It rains costs $ 5 \\ 6 (a).\s""";

    @Test
    void rawFilesOfWikiTextGoFirst() throws IOException {
        Fixture wikiText =
                fixture(new WikiTextFactory())
                        .write("wiki.valid.raw", " = A = ", " raw ")
                        .write("wiki.valid.tokens", " = A = ", " <unk> ");
        assertEquals(
                " = A =\nraw ",
                wikiText.examples(TaskPart.VALIDATION).getFirst().texts().getFirst());
    }

    @Test
    void triviaQaAcceptsEveryAlias() throws IOException {
        Fixture trivia =
                fixture(new TriviaQaFactory())
                        .write(
                                "wikipedia-dev.json",
                                """
                                {
                                  "Data": [
                                    {
                                      "Answer": {
                                        "Aliases": ["The Moon", "Luna"],
                                        "MatchedWikiEntityName": null,
                                        "NormalizedAliases": ["moon", "luna"],
                                        "Type": "WikipediaEntity",
                                        "Value": "Moon"
                                      },
                                      "EntityPages": [{"DocSource": "TagMe", "Filename": "Moon.txt"}],
                                      "Question": "What goes round the Earth? ",
                                      "QuestionId": "kiln_1",
                                      "QuestionSource": "none",
                                      "SearchResults": []
                                    }
                                  ],
                                  "Domain": "Wikipedia",
                                  "VerifiedEval": false,
                                  "Version": 1.0
                                }""")
                        .write(
                                "wikipedia-test-without-answers.json",
                                "{\"Data\": [{\"Question\": \"Who?\", \"QuestionId\": \"kiln_2\"}]}");
        assertEquals(
                List.of(
                        one(
                                "wikipedia-dev.json#1",
                                "What goes round the Earth?",
                                words("Moon", "The Moon", "Luna", "moon", "luna"))),
                trivia.examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(one("wikipedia-test-without-answers.json#1", "Who?", unknown())),
                trivia.examples(TaskPart.TEST));
    }

    @Test
    void aWrongTriviaQaIsNamedWithTheLine() throws IOException {
        Fixture trivia = fixture(new TriviaQaFactory());
        trivia.refuses(
                TaskPart.VALIDATION,
                "",
                ": no file unfiltered-web-dev.json or wikipedia-dev.json or web-dev.json");
        trivia.write("web-dev.json", "{", "\"Data\": [", "{\"Question\": \"Who?\"}", "]}")
                .refuses(
                        TaskPart.VALIDATION,
                        "web-dev.json",
                        ":3: expected \"Answer\", an object; the object has Question");
        trivia.write("web-dev.json", "{", "\"Date\": []}")
                .refuses(
                        TaskPart.VALIDATION,
                        "web-dev.json",
                        ":1: expected \"Data\" in the JSON object");
        trivia.write("web-dev.json", "{", "\"Data\": [", "3]}")
                .refuses(TaskPart.VALIDATION, "web-dev.json", ":3: expected a JSON object");
        trivia.write("web-dev.json", "{", "\"Data\": [")
                .refusesJson(TaskPart.VALIDATION, "web-dev.json", 3);
    }
}
