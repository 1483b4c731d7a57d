package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageTest {
    private static final TaskScore.PromptCounts NONE = new TaskScore.PromptCounts(0, 0, 0, 0);

    private static TaskScore score(int shots, double value) {
        return score(shots, value, NONE);
    }

    private static Report report(TaskScore.PromptCounts prompts) {
        return new Report(Map.of("model", "m"), List.of(score(3, 0.2, prompts)), 1);
    }

    private static TaskScore score(int shots, double value, TaskScore.PromptCounts prompts) {
        return new TaskScore(
                "a <task> & more",
                TaskKind.ENTAILMENT,
                TaskPart.TEST,
                shots,
                100,
                List.of(
                        new Figure("accuracy", value, value - 0.1, value + 0.1),
                        new Figure("calibration error", 0.02, 0.01, 0.03)),
                prompts,
                new Contamination.Result(100, 40, 3, new int[] {0}),
                0.25);
    }

    private static String html(TaskScore... scores) {
        return new Page(new Report(Map.of("model", "m"), List.of(scores), 1)).html();
    }

    /** The plot is XML, so that a parser that is not the page's own reads it. */
    private static Element plot(String html) throws Exception {
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }

    private static double place(NodeList circles, int index, String name) {
        return Double.parseDouble(((Element) circles.item(index)).getAttribute(name));
    }

    @Test
    void aPlotHasAPointForEachNumberOfSolvedExamplesTheBetterTheHigher() throws Exception {
        Element plot = plot(html(score(0, 0.2), score(1, 0.4), score(3, 0.3)));
        NodeList circles = plot.getElementsByTagName("circle");
        assertEquals(3, circles.getLength());
        assertTrue(place(circles, 0, "cy") > place(circles, 2, "cy"));
        assertTrue(place(circles, 2, "cy") > place(circles, 1, "cy"));
        double step = place(circles, 1, "cx") - place(circles, 0, "cx");
        assertEquals(step, place(circles, 2, "cx") - place(circles, 1, "cx"), 0.11);
        assertEquals("K = 1: 0.4000 (0.3000 to 0.5000)", circles.item(1).getTextContent());
        NodeList lines = plot.getElementsByTagName("line");
        long bars =
                IntStream.range(0, lines.getLength())
                        .filter(
                                i ->
                                        ((Element) lines.item(i))
                                                .getAttribute("class")
                                                .equals("interval"))
                        .count();
        assertEquals(9, bars, "a bar with two caps for each interval");
        assertTrue(plot.getTextContent().contains("solved examples before each question (K)"));
        assertTrue(plot.getTextContent().contains("accuracy"));
    }

    @Test
    void oneNumberOfSolvedExamplesIsNoPlot() {
        assertFalse(html(score(0, 0.2)).contains("<svg"));
    }

    @Test
    void theTableHasEachMeasureWithItsInterval() {
        String html = html(score(0, 0.2), score(1, 0.4));
        assertTrue(
                html.contains(
                        "<th>accuracy</th><td>0.2000<small>0.1000 to 0.3000</small></td><td>0.4000"));
        assertTrue(html.contains("overlap with training text: 3 of 60"));
        assertTrue(html.contains("<th>accuracy, without overlap</th><td>0.2500</td>"));
    }

    @Test
    void questionsAmongTheirOwnSolvedExamplesAreNoted() {
        String note =
                "a <task> & more, 3 shots: 7 of 100 questions were among their own solved examples;"
                        + " others took their place";
        assertTrue(report(new TaskScore.PromptCounts(0, 0, 0, 7)).notes().contains(note));
        assertFalse(report(NONE).notes().contains(note));
    }

    @Test
    void namesAreText() {
        assertTrue(html(score(0, 0.2)).contains("<h2>a &lt;task&gt; &amp; more</h2>"));
    }
}
