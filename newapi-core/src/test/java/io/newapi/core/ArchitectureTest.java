package io.newapi.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who may know whom inside the core, and what must not occur in it. */
@AnalyzeClasses(packages = "io.newapi.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CORE = "io.newapi.core..";
    private static final String QUOTA = "io.newapi.core.quota..";
    private static final String ACCESS = "io.newapi.core.access..";
    private static final String PRICING = "io.newapi.core.pricing..";
    private static final String CHANNEL = "io.newapi.core.channel..";
    private static final String ESTIMATE = "io.newapi.core.estimate..";

    private static final Set<String> FLOATING_POINT = Set.of("double", "float", "java.lang.Double", "java.lang.Float");

    @ArchTest
    static final ArchRule coreNeedsNothingButTheJdk = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CORE, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule quotaKnowsNobody = knows(QUOTA);

    @ArchTest
    static final ArchRule estimateKnowsNobody = knows(ESTIMATE);

    @ArchTest
    static final ArchRule accessKnowsQuota = knows(ACCESS, QUOTA);

    @ArchTest
    static final ArchRule pricingKnowsAccessAndQuota = knows(PRICING, ACCESS, QUOTA);

    @ArchTest
    static final ArchRule channelKnowsAccess = knows(CHANNEL, ACCESS);

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.newapi.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule moneyIsNeverFloatingPoint = classes()
            .that()
            .resideInAnyPackage(PRICING, QUOTA)
            .should(haveNoFloatingPointMember())
            .andShould()
            .onlyDependOnClassesThat(new DescribedPredicate<>("are not floating-point numbers") {
                @Override
                public boolean test(JavaClass type) {
                    return !isFloatingPoint(type);
                }
            });

    @ArchTest
    static final ArchRule nothingStaticChanges = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage(CORE)
            .and()
            .areStatic()
            .should()
            .beFinal();

    private static ArchRule knows(String one, String... others) {
        String[] known = Stream.concat(Stream.of(one, "java..", "org.jspecify.."), Stream.of(others))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(one)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(known);
    }

    private static ArchCondition<JavaClass> haveNoFloatingPointMember() {
        return new ArchCondition<>("have no field, parameter or return type of floating point") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                    report(field.getFullName(), List.of(field.getRawType()), events);
                }
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    report(unit.getFullName(), unit.getRawParameterTypes(), events);
                    report(unit.getFullName(), List.of(unit.getRawReturnType()), events);
                }
            }
        };
    }

    private static void report(String member, List<JavaClass> types, ConditionEvents events) {
        for (JavaClass type : types) {
            if (isFloatingPoint(type)) {
                events.add(SimpleConditionEvent.violated(member, member + " is " + type.getName()));
            }
        }
    }

    private static boolean isFloatingPoint(JavaClass type) {
        return FLOATING_POINT.contains(type.getBaseComponentType().getName());
    }
}
