package dev.kiln.plugins.taskfiles;

import static dev.kiln.plugins.taskfiles.Fixture.choice;
import static dev.kiln.plugins.taskfiles.Fixture.one;
import static dev.kiln.plugins.taskfiles.Fixture.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * File names, headers, label order and the absence of quoting as in the GLUE loader of Hugging
 * Face's datasets (glue.py); the full headers of MNLI, QQP and STS-B as printed from the published
 * files in several public repositories. The sentences are Kiln's own.
 */
class GlueTest {
    @TempDir Path folder;

    private Fixture fixture(FilesTaskFactory factory) {
        return new Fixture(folder, factory);
    }

    @Test
    void sst2HasASentenceAndALabel() throws IOException {
        Fixture sst2 =
                fixture(new Sst2Factory())
                        .write("dev.tsv", "sentence\tlabel", "a \" warm film \t1", "dull\t0")
                        .write("test.tsv", "index\tsentence", "0\tit ends");
        assertEquals(
                List.of(
                        one("dev.tsv:2", "a \" warm film ", choice(1)),
                        one("dev.tsv:3", "dull", choice(0))),
                sst2.examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(one("test.tsv:2", "it ends", unknown())), sst2.examples(TaskPart.TEST));
        assertEquals(List.of("negative", "positive"), sst2.task().labels());
    }

    @Test
    void colaHasAHeaderInItsTestFileOnly() throws IOException {
        Fixture cola =
                fixture(new ColaFactory())
                        .write(
                                "train.tsv",
                                "ks01\t1\t\tShe said \"no.",
                                "ks01\t0\t*\tSaid she the.")
                        .write("test.tsv", "index\tsentence", "0\tHe slept.");
        assertEquals(
                List.of(
                        one("train.tsv:1", "She said \"no.", choice(1)),
                        one("train.tsv:2", "Said she the.", choice(0))),
                cola.examples(TaskPart.TRAIN));
        assertEquals(
                List.of(one("test.tsv:2", "He slept.", unknown())), cola.examples(TaskPart.TEST));
        assertEquals(List.of(Metric.MATTHEWS), cola.task().metrics());
    }

    @Test
    void mnliIsReadByTheNamesOfItsColumns() throws IOException {
        String parses = "sentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\t";
        String start = "index\tpromptID\tpairID\tgenre\t" + parses + "sentence2_parse\t";
        String texts = "sentence1\tsentence2";
        String row = "0\t63\t63n\tfiction\t( a )\t( b )\t(ROOT a)\t(ROOT b)\t";
        fixture(new MnliFactory())
                .write(
                        "train.tsv",
                        start + texts + "\tlabel1\tgold_label",
                        row + "It rains.\tIt is wet.\tneutral\tentailment")
                .write(
                        "dev_matched.tsv",
                        start + texts + "\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\tgold_label",
                        row
                                + "It rains.\tIt is dry.\tneutral\tneutral\tneutral\tneutral\tneutral\t"
                                + "contradiction")
                .write(
                        "dev_mismatched.tsv",
                        start + texts + "\tgold_label",
                        row + "A.\tB.\tneutral")
                .write("test_matched.tsv", start + texts, row + "It snows.\tSnow falls.");
        assertEquals(
                List.of(pair("train.tsv:2", "It rains.", "It is wet.", choice(0))),
                fixture(new MnliFactory()).examples(TaskPart.TRAIN));
        assertEquals(
                List.of(pair("dev_matched.tsv:2", "It rains.", "It is dry.", choice(2))),
                fixture(new MnliFactory()).examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(pair("dev_mismatched.tsv:2", "A.", "B.", choice(1))),
                fixture(new MnliMismatchedFactory()).examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(pair("test_matched.tsv:2", "It snows.", "Snow falls.", unknown())),
                fixture(new MnliFactory()).examples(TaskPart.TEST));
    }

    @Test
    void rteNamesItsLabelsInItsFiles() throws IOException {
        Fixture rte =
                fixture(new RteFactory())
                        .write(
                                "dev.tsv",
                                "index\tsentence1\tsentence2\tlabel",
                                "0\tTwo men sing.\tMen sing.\tentailment",
                                "1\tTwo men sing.\tMen dance.\tnot_entailment");
        assertEquals(
                List.of(
                        pair("dev.tsv:2", "Two men sing.", "Men sing.", choice(0)),
                        pair("dev.tsv:3", "Two men sing.", "Men dance.", choice(1))),
                rte.examples(TaskPart.VALIDATION));
        assertEquals(TaskKind.ENTAILMENT, rte.task().kind());
        assertEquals(List.of("premise", "hypothesis"), rte.task().fields());
    }

    @Test
    void stsbHasScores() throws IOException {
        String header = "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\t";
        String row = "0\tmain-news\theadlines\t2013\t7\tnone\tnone\tA hat.\tA cap.";
        Fixture stsb =
                fixture(new StsbFactory())
                        .write("dev.tsv", header + "sentence1\tsentence2\tscore", row + "\t3.800")
                        .write("train.tsv", header + "sentence1\tsentence2\tscore", row + "\t5.001")
                        .write("test.tsv", header + "sentence1\tsentence2", row);
        assertEquals(
                List.of(pair("dev.tsv:2", "A hat.", "A cap.", new Answer.Score(3.8))),
                stsb.examples(TaskPart.VALIDATION));
        assertEquals(
                List.of(pair("test.tsv:2", "A hat.", "A cap.", unknown())),
                stsb.examples(TaskPart.TEST));
        stsb.refuses(
                TaskPart.TRAIN, "train.tsv", ":2: expected a score from 0 to 5, got \"5.001\"");
    }

    /** Rows 2 and 3 are one question with a line end, as issue 5 of nyu-mll/GLUE-baselines shows. */
    @Test
    void brokenRowsOfQqpAreRefusedOrSkipped() throws IOException {
        fixture(new RteFactory())
                .write(
                        "train.tsv",
                        "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
                        "1\t2\t3\tWho was he?\t\"Was he real?",
                        "\"\tWho knows him?\t0",
                        "4\t5\t6\tHow old is rain?\tWhat is the age of rain?\t1")
                .write("test.tsv", "id\tquestion1\tquestion2", "0\tWhy?\tWhat for?");
        assertEquals(
                folder.resolve("./train.tsv") + ":2: expected 6 columns, got 5",
                assertThrows(InvalidInput.class, () -> qqp(false).examples(TaskPart.TRAIN))
                        .getMessage());
        assertEquals(
                List.of(
                        pair(
                                "train.tsv:4",
                                "How old is rain?",
                                "What is the age of rain?",
                                choice(1))),
                qqp(true).examples(TaskPart.TRAIN));
        assertEquals(
                List.of(pair("test.tsv:2", "Why?", "What for?", unknown())),
                qqp(false).examples(TaskPart.TEST));
        assertEquals(List.of(Metric.F1, Metric.ACCURACY), qqp(false).metrics());
    }

    @Test
    void aWrongFileIsNamedWithTheLine() throws IOException {
        Fixture sst2 = fixture(new Sst2Factory());
        sst2.refuses(TaskPart.VALIDATION, "", ": no file dev.tsv");
        sst2.write("dev.tsv", "sentence\tlabel", "", "fine\t2")
                .refuses(TaskPart.VALIDATION, "dev.tsv", ":3: expected a label of 0, 1, got \"2\"");
        sst2.write("dev.tsv", "sentence\tlabel", "fine\t1\t1")
                .refuses(TaskPart.VALIDATION, "dev.tsv", ":2: expected 2 columns, got 3");
        sst2.write("dev.tsv", "text\tlabel", "fine\t1")
                .refuses(
                        TaskPart.VALIDATION,
                        "dev.tsv",
                        ":1: expected a column sentence; the header is text, label");
        sst2.write("dev.tsv", "index\tsentence", "0\tfine")
                .refuses(
                        TaskPart.VALIDATION,
                        "dev.tsv",
                        ":1: expected a column label; the header is index, sentence");
        sst2.write("dev.tsv", "sentence\tlabel")
                .refuses(TaskPart.VALIDATION, "dev.tsv", ": no examples");
        Files.write(
                folder.resolve("dev.tsv"),
                "sentence\tlabel\nfine\t1\ntr\u00e8s\t1\n".getBytes(StandardCharsets.ISO_8859_1));
        sst2.refuses(TaskPart.VALIDATION, "dev.tsv", ":3: expected UTF-8");
    }

    @Test
    void aMissingFolderIsNamed() {
        Fixture sst2 = new Fixture(folder.resolve("SST-2"), new Sst2Factory());
        assertEquals(
                "path: no such folder: " + folder.resolve("SST-2/."),
                assertThrows(InvalidInput.class, sst2::task).getMessage());
    }

    private EvalTask qqp(boolean skipBroken) {
        var options =
                new QqpOptions(
                        ".", Optional.empty(), Optional.empty(), Optional.empty(), skipBroken);
        return new QqpFactory().create(options, new FolderContext(1, folder));
    }

    private static Example pair(String id, String first, String second, Answer answer) {
        return new Example(id, List.of(first, second), List.of(), answer);
    }
}
