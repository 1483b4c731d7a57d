package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.config.Listing.ExtensionLine;
import dev.kiln.platform.config.Listing.OptionLine;
import dev.kiln.spi.Factory;
import dev.kiln.spi.model.ModelFamilyFactory;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogTest {

    @ParameterizedTest
    @EnumSource
    void aPointIsOfTheComponentThatItsFactoriesCreate(Point point) {
        ParameterizedType factory = (ParameterizedType) point.factory().getGenericInterfaces()[0];
        assertSame(Factory.class, factory.getRawType());
        assertSame(point.component(), factory.getActualTypeArguments()[1]);
    }

    @Test
    void findsExtensionsByPointAndName() {
        ModelFamilyFactory<?> found = TestExtensions.CATALOG.find(ModelFamilyFactory.class, "gpt1");
        assertNotNull(found);
        assertEquals(
                Set.of("gpt1", "gpt2"), TestExtensions.CATALOG.names(ModelFamilyFactory.class));
    }

    @Test
    void theListingTellsTypesInWords() {
        List<OptionLine> options =
                Listing.at(TestExtensions.CATALOG, Point.RUN).getFirst().options();
        assertEquals(
                List.of(
                        "data source",
                        "model",
                        "tokenizer",
                        "list of: run listener",
                        "whole number of at least 1",
                        "number from 0 to 1",
                        "whole number",
                        "never | auto",
                        "shuffled | sequential",
                        "whole number, or nothing",
                        "list of: text",
                        "map to: number",
                        "whole number",
                        "true or false",
                        "path",
                        "list of: map of options",
                        "text",
                        "number of at least 0",
                        "data source",
                        "map of options, or nothing",
                        "whole number of at least 1",
                        "whole number of at least 1"),
                options.stream().map(OptionLine::type).toList());
    }

    @Test
    void theListingTellsTheOptionsOfAnOptionByTheirDottedNames() {
        List<String> names =
                Listing.at(TestExtensions.CATALOG, Point.RUN).getFirst().options().stream()
                        .map(OptionLine::name)
                        .filter(name -> name.contains("."))
                        .toList();
        assertEquals(
                List.of(
                        "evaluation.every",
                        "evaluation.atEnd",
                        "sources[].name",
                        "sources[].weight",
                        "sources[].data",
                        "ramp.from",
                        "ramp.over"),
                names);
    }

    @Test
    void theListingTellsOptionsWithTypeDefaultAndMeaning() {
        ExtensionLine gpt2 = Listing.at(TestExtensions.CATALOG, Point.MODEL).getLast();
        assertEquals("gpt2", gpt2.name());
        assertEquals("tests 1.0", gpt2.supplier());
        assertEquals(
                new OptionLine(
                        "layers",
                        "whole number of at least 1",
                        Optional.of("2"),
                        false,
                        "Number of blocks"),
                gpt2.options().getFirst());
        assertTrue(Listing.json(TestExtensions.CATALOG).contains("\"default\" : 2"));
    }
}
