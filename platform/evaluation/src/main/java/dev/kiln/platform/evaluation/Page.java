package dev.kiln.platform.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Scores as an HTML page without scripts: of each task a plot and a table over solved examples. */
record Page(Report report) {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; --text: #1f2328; --faint: #667; --line: #d5d9e0;
              --back: #fff; --mark: #0a5fc4; }
            @media (prefers-color-scheme: dark) {
              :root { --text: #e4e7ec; --faint: #9aa3b0; --line: #3a4048; --back: #15181c;
                --mark: #6cb2ff; }
            }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
              max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; overflow-wrap: anywhere; }
            h2 { font-size: 1.2rem; margin: 2.5rem 0 0; }
            p { margin: 0.2rem 0 0.8rem; color: var(--faint); }
            section { border-top: 1px solid var(--line); margin-top: 2rem; }
            svg { display: block; width: 100%; max-width: 36rem; height: auto; font-size: 13px; }
            svg text { fill: var(--faint); }
            svg text.name { fill: var(--text); }
            .grid { stroke: var(--line); }
            .axis { stroke: var(--faint); }
            .interval { stroke: var(--mark); stroke-width: 1.5; }
            .curve { stroke: var(--mark); fill: none; opacity: 0.45; }
            circle { fill: var(--mark); }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: 0.3rem 0.9rem 0.3rem 0; text-align: right; white-space: nowrap; }
            th:first-child { text-align: left; font-weight: normal; }
            thead th { border-bottom: 1px solid var(--faint); }
            tbody tr:first-child { font-weight: bold; }
            tbody tr:first-child th { font-weight: bold; }
            td small { display: block; color: var(--faint); font-weight: normal; }
            li { margin-bottom: 0.3rem; }
            """;

    String html() {
        Map<String, List<TaskScore>> tasks =
                report.scores().stream()
                        .collect(
                                Collectors.groupingBy(
                                        TaskScore::task, LinkedHashMap::new, Collectors.toList()));
        String title = "Evaluation of " + escaped(report.model().getOrDefault("model", ""));
        return String.format(
                Locale.ROOT,
                """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>%s</h1>
        <p>%s. Figures are followed by their 95 %% intervals, as are the points of the plots.</p>
        %s
        <section>
        <h2>Notes</h2>
        <ul>
        %s
        </ul>
        </section>
        </body>
        </html>
        """,
                title,
                STYLE,
                title,
                facts(),
                tasks.values().stream().map(Page::section).collect(Collectors.joining()),
                report.notes().stream()
                        .map(note -> "<li>" + escaped(note) + "</li>")
                        .collect(Collectors.joining("\n")));
    }

    private String facts() {
        return report.model().entrySet().stream()
                .filter(fact -> !fact.getKey().equals("model"))
                .map(fact -> escaped(fact.getKey() + " " + fact.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String section(List<TaskScore> scores) {
        TaskScore one = scores.getFirst();
        Contamination.Result found = one.contamination();
        return String.format(
                Locale.ROOT,
                """
        <section>
        <h2>%s</h2>
        <p>%s, %,d examples of its %s part; overlap with training text: %,d of %,d</p>
        %s<div class="wide">
        <table>
        %s
        </table>
        </div>
        </section>
        """,
                escaped(one.task()),
                Report.word(one.kind()),
                one.examples(),
                Report.word(one.part()),
                found.overlapping(),
                found.items() - found.tooShort(),
                scores.size() > 1 ? new Plot(scores).svg() : "",
                table(scores));
    }

    /** A row of each measure, a column of each number of solved examples. */
    private static String table(List<TaskScore> scores) {
        StringBuilder table = new StringBuilder("<thead><tr><th>measure</th>");
        scores.forEach(
                score ->
                        table.append(String.format(Locale.ROOT, "<th>K = %d</th>", score.shots())));
        table.append("</tr></thead>\n<tbody>\n");
        IntStream.range(0, scores.getFirst().figures().size())
                .forEach(
                        row -> {
                            List<Figure> figures =
                                    scores.stream().map(score -> score.figures().get(row)).toList();
                            table.append(row(figures.getFirst().name(), figures));
                        });
        if (scores.getFirst().contamination().overlapping() > 0) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "<tr><th>%s, without overlap</th>",
                            escaped(main(scores))));
            scores.forEach(
                    score ->
                            table.append(
                                    String.format(
                                            Locale.ROOT,
                                            "<td>%s</td>",
                                            Report.number(score.clean()))));
            table.append("</tr>\n");
        }
        return table.append("</tbody>").toString();
    }

    private static String main(List<TaskScore> scores) {
        return scores.getFirst().main().name();
    }

    private static String row(String name, List<Figure> figures) {
        StringBuilder row =
                new StringBuilder(String.format(Locale.ROOT, "<tr><th>%s</th>", escaped(name)));
        for (Figure figure : figures) {
            row.append(
                    String.format(
                            Locale.ROOT,
                            "<td>%s<small>%s</small></td>",
                            Report.number(figure.value()),
                            Report.interval(figure)));
        }
        return row.append("</tr>\n").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
