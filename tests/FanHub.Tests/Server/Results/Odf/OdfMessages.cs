using System.Text;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.Server.Results.Odf;

/// <summary>Messages of invented competitions, as feeds write them.</summary>
internal static class OdfMessages
{
    /// <summary>A venue without an offset of its own in winter, so that a forgotten zone shows.</summary>
    public static readonly OdfReading Settings = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), "en");

    public const string Relay = """
        <Competition Gen="G" Sport="S" Codes="C">
          <ExtendedInfos>
            <UnitDateTime StartDate="2030-08-01T20:00:00+02:00"/>
            <SportDescription DisciplineName="Swimming" EventName="Mixed 4 x 100m Medley Relay" SubEventName="Final" Gender="X"/>
            <VenueDescription Venue="POO" VenueName="The Pool" Location="POO" LocationName="Main Pool"/>
          </ExtendedInfos>
          <Officials><Official Code="1" Function="JU"/></Officials>
          <Result Rank="2" ResultType="TIME" Result="3:40.10" Diff="+1.20" SortOrder="2" StartOrder="5" StartSortOrder="5">
            <Competitor Code="SWMX4X100MD---BBB01" Type="T" Organisation="BBB">
              <Description TeamName="Betaland"/>
              <Composition>
                <Athlete Code="202" Order="2"><Description GivenName="Bo" FamilyName="Two" Organisation="BBB"/></Athlete>
                <Athlete Code="201" Order="1"><Description GivenName="Bea" FamilyName="One" Organisation="BBB"/></Athlete>
              </Composition>
            </Competitor>
          </Result>
          <Result Rank="1" ResultType="TIME" Result="3:38.90" SortOrder="1" StartOrder="4" StartSortOrder="4">
            <RecordIndicators>
              <RecordIndicator Order="2" Code="SWMX4X100MD-----------------------" RecordType="OR"/>
              <RecordIndicator Order="1" Code="SWMX4X100MD-----------------------" RecordType="WR"/>
            </RecordIndicators>
            <ExtendedResults><ExtendedResult Type="ER" Code="REACT_TIME" Value="0.61"><RecordIndicators><RecordIndicator Order="1" RecordType="XX"/></RecordIndicators></ExtendedResult></ExtendedResults>
            <Competitor Code="SWMX4X100MD---AAA01" Type="T" Organisation="AAA">
              <Description TeamName="Alphaland"/>
              <Composition>
                <Athlete Code="101" Order="1">
                  <Description GivenName="Ana" FamilyName="One" Organisation="AAA"/>
                  <ExtendedResults><ExtendedResult Type="ER" Code="SPLIT" Value="57.1"/></ExtendedResults>
                </Athlete>
                <Athlete Code="102" Order="2"><Description GivenName="Ari" FamilyName="Two" Organisation="ZZZ"/></Athlete>
              </Composition>
            </Competitor>
          </Result>
          <Result ResultType="IRM" IRM="DSQ" SortOrder="3" StartOrder="1" StartSortOrder="1">
            <Competitor Code="SWMX4X100MD---CCC01" Type="T" Organisation="CCC"><Description TeamName="Gammaland"/></Competitor>
          </Result>
        </Competition>
        """;

    public const string Match = """
        <Competition Gen="G" Sport="S" Codes="C">
          <ExtendedInfos><SportDescription DisciplineName="Badminton" EventName="Women's Singles" SubEventName="Women's Singles Semifinal 1"/></ExtendedInfos>
          <Periods Home="1010001" Away="1010002">
            <Period Code="G1" HomeScore="1" AwayScore="0" HomePeriodScore="21" AwayPeriodScore="18" Duration="18">
              <ExtendedPeriods><ExtendedPeriod Type="EP" Code="RALLY_MAX" Value="37"/></ExtendedPeriods>
            </Period>
            <Period Code="G2" HomeScore="1" AwayScore="0" HomePeriodScore="7" AwayPeriodScore="11"/>
            <Period Code="G3"/>
            <Period Code="TOT" HomeScore="1" AwayScore="0"/>
          </Periods>
          <Result ResultType="POINTS" Result="1" WLT="W" SortOrder="1" StartOrder="1" StartSortOrder="1">
            <Competitor Code="1010001" Type="A" Organisation="AAA"><Composition><Athlete Code="1010001" Order="1"><Description GivenName="Awa" FamilyName="Home"/></Athlete></Composition></Competitor>
          </Result>
          <Result ResultType="POINTS" Result="0" WLT="L" SortOrder="2" StartOrder="2" StartSortOrder="2">
            <Competitor Code="1010002" Type="A" Organisation="BBB"><Composition><Athlete Code="1010002" Order="1"><Description GivenName="Lea" FamilyName="Away"/></Athlete></Composition></Competitor>
          </Result>
        </Competition>
        """;

    public const string Heat = """
        <Competition>
          <Result Rank="1" ResultType="TIME" Result="10.01" QualificationMark="Q" SortOrder="1" StartOrder="4"><Competitor Code="1" Type="A" Organisation="AAA"/></Result>
          <Result Rank="2" ResultType="TIME" Result="10.05" QualificationMark="Q" SortOrder="2" StartOrder="5"><Competitor Code="2" Type="A" Organisation="BBB"/></Result>
          <Result Rank="3" ResultType="TIME" Result="10.09" QualificationMark="q" SortOrder="3" StartOrder="6"><Competitor Code="3" Type="A" Organisation="AAA"/></Result>
          <Result Rank="4" ResultType="TIME" Result="10.40" SortOrder="4" StartOrder="7"><Competitor Code="4" Type="A" Organisation="CCC"/></Result>
        </Competition>
        """;

    public const string Schedule = """
        <Competition Gen="G" Codes="C">
          <Session SessionCode="SWM01" StartDate="2030-08-01T10:00:00+02:00" EndDate="2030-08-01T12:00:00+02:00" Venue="POO"><SessionName Language="ENG" Value="Swimming Session 1"/></Session>
          <Unit Code="SWMW100MFR------------FNL-000100--" PhaseType="3" ScheduleStatus="SCHEDULED" StartDate="2030-08-01T20:30:00+02:00" EndDate="2030-08-01T20:40:00+02:00" Medal="1" Venue="POO" Order="3" ModificationIndicator="U">
            <ItemName Language="ENG" Value="Women's 100m Freestyle Final"/>
            <ItemName Language="FRA" Value="Finale du 100 m nage libre femmes"/>
            <VenueDescription VenueName="The Pool" LocationName="Main Pool"/>
            <StartList><Start StartOrder="1" SortOrder="1"><Competitor Code="TBD" Type="A"/></Start></StartList>
          </Unit>
          <Unit Code="SWMW100MFR------------HEAT000100--" ScheduleStatus="UNSCHEDULED" StartDate="2030-01-15T10:00:00" HideStartDate="Y" EndDate="2030-01-15T11:00:00" HideEndDate="Y" Medal="0" Venue="TBD">
            <StartText Language="ENG" Value="Follows"/>
            <ItemName Value="Heat 1"/>
          </Unit>
          <Unit Code="SWMW100MFR------------HEAT000200--" ScheduleStatus="SCHEDULED" StartDate="2030-07-30" ModificationIndicator="D"/>
        </Competition>
        """;

    public const string People = """
        <Competition>
          <Participant Code="101" Parent="101" Status="ACTIVE" GivenName="Ana" FamilyName="Alpha" PrintName="ALPHA Ana" TVName="Ana ALPHA" Organisation="AAA" MainFunctionId="AA01">
            <Discipline Code="SWM-------------------------------"><RegisteredEvent Event="SWMW100MFR------------------------"/></Discipline>
          </Participant>
          <Participant Code="102" GivenName="" FamilyName="Bravo" PrintName="" Organisation=""/>
          <Team Code="SWMX4X100MD---AAA01" Organisation="AAA" Name="Alphaland" ShortName="Alpha"><Composition><Athlete Code="101" Order="1"/></Composition></Team>
        </Competition>
        """;

    public const string Medallists = """
        <Competition>
          <ExtendedInfos><SportDescription DisciplineName="Swimming" EventName="Women's 100m Freestyle"/></ExtendedInfos>
          <Medal Code="ME_GOLD" Unit="SWMW100MFR------------FNL-000100--">
            <Competitor Code="1" Type="A" Organisation="AAA"><Composition><Athlete Code="1" Order="1"><Description GivenName="Ana" FamilyName="Alpha" Organisation="AAA"/></Athlete></Composition></Competitor>
          </Medal>
          <Medal Code="ME_SILVER">
            <Competitor Code="2" Type="A" Organisation="BBB"><Composition><Athlete Code="2" Order="1"><Description GivenName="Bea" FamilyName="Bravo"/></Athlete></Composition></Competitor>
            <Competitor Code="3" Type="A" Organisation="BBB"><Composition><Athlete Code="3" Order="1"><Description GivenName="Bo" FamilyName="Bravo"/></Athlete></Composition></Competitor>
          </Medal>
        </Competition>
        """;

    public const string Medals = """
        <Competition>
          <ExtendedInfos><Progress LastEvent="1"/></ExtendedInfos>
          <MedalStandings>
            <MedalsTable>
              <MedalLine Rank="1" Organisation="AAA"><MedalNumber Type="TOT" Gold="12" Silver="8" Bronze="10" Total="30"/><MedalNumber Type="M" Gold="1"/></MedalLine>
              <MedalLine Rank="2" Organisation="BBB"><MedalNumber Type="TOT" Silver="2" Total="2"/></MedalLine>
              <MedalLine Rank="3" Organisation="CCC"><MedalNumber Type="ME_GOLD" TOT="1" M="1"/><MedalNumber Type="ME_BRONZE" Value="4"/></MedalLine>
            </MedalsTable>
          </MedalStandings>
        </Competition>
        """;

    public const string Communication = """
        <Competition>
          <Discipline Code="SWM"/>
          <Communication PublishTime="2030-08-01T21:00:00+02:00">
            <Title>Official Communication 2</Title>
            <Content><![CDATA[<p>The race is <b>re</b>swum.</p><p>It starts at 21:30 &amp; not later.</p>]]></Content>
          </Communication>
        </Competition>
        """;

    /// <summary>A whole message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">What is inside <c>OdfBody</c>.</param>
    /// <param name="more">More attributes of the header.</param>
    public static byte[] Message(string type, string body, string more = "") => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <OdfBody CompetitionCode="XG2030" DocumentCode="SWMW100MFR------------FNL-000100--" DocumentType="{type}" Version="3" FeedFlag="P" Date="2030-08-01" Time="203102250" LogicalDate="2030-08-01" Source="POOL1" {more}>
        {body}
        </OdfBody>
        """);

    public static OdfMessage Read(string type, string body, string more = "") => OdfReader.Read(Message(type, body, more), Settings);

    public static OdfTable Table(string body) => Read("DT_RESULT", body).Content.ShouldBeOfType<OdfTable>();

    /// <summary>Lines of a table, inside their <c>Competition</c>.</summary>
    public static string Lines(params string[] results) => $"<Competition>{string.Concat(results)}</Competition>";

    /// <summary>A line of a table: a competitor with an id and some attributes.</summary>
    public static string Line(string id, string attributes) => $"<Result {attributes}><Competitor Code=\"{id}\" Type=\"A\" Organisation=\"AAA\"/></Result>";
}
